import { makeDocument } from '../../domain/documents.ts'
import { viewDocument } from '../../domain/files.ts'
import { mp3Duration } from '../../domain/mp3.ts'
import { RINGTONE } from '../../domain/ringtones.ts'
import { readUploaded } from '../../domain/uploads.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

const MP3 = new Set(['audio/mpeg', 'audio/mp3'])

/** DEVIATES: only MP3 is taken, since nothing is converted. */
export default method(
  'account.uploadRingtone',
  async (ctx, req) => {
    if (!MP3.has(req.mimeType.toLowerCase())) throw new RpcError('RINGTONE_MIME_INVALID')
    const bytes = await readUploaded(ctx, req.file, RINGTONE.size, () => new RpcError('RINGTONE_INVALID'))
    const duration = mp3Duration(bytes)
    if (duration === undefined) throw new RpcError('RINGTONE_MIME_INVALID')
    if (Math.floor(duration) > RINGTONE.duration) throw new RpcError('RINGTONE_INVALID')
    const row = await makeDocument(ctx, {
      file: req.file,
      mimeType: 'audio/mpeg',
      attributes: [
        { _: 'documentAttributeAudio', duration: Math.round(duration) },
        { _: 'documentAttributeFilename', fileName: req.fileName },
      ],
    })
    return viewDocument(ctx, row)
  },
  { flood: 'write' },
)
