import { expireUpload } from '../../domain/uploads.ts'
import helpGetCdnConfig from './help.getCdnConfig.ts'
import messagesGetDocumentByHash from './messages.getDocumentByHash.ts'
import messagesUploadEncryptedFile from './messages.uploadEncryptedFile.ts'
import messagesUploadMedia from './messages.uploadMedia.ts'
import uploadGetCdnFile from './upload.getCdnFile.ts'
import uploadGetCdnFileHashes from './upload.getCdnFileHashes.ts'
import uploadGetFile from './upload.getFile.ts'
import uploadGetFileHashes from './upload.getFileHashes.ts'
import uploadGetWebFile from './upload.getWebFile.ts'
import uploadReuploadCdnFile from './upload.reuploadCdnFile.ts'
import uploadSaveBigFilePart from './upload.saveBigFilePart.ts'
import uploadSaveFilePart from './upload.saveFilePart.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  helpGetCdnConfig,
  messagesGetDocumentByHash,
  messagesUploadEncryptedFile,
  messagesUploadMedia,
  uploadGetCdnFile,
  uploadGetCdnFileHashes,
  uploadGetFile,
  uploadGetFileHashes,
  uploadGetWebFile,
  uploadReuploadCdnFile,
  uploadSaveBigFilePart,
  uploadSaveFilePart,
]

export const jobs = { expireUpload }
