import { RpcError } from '../../rpc/errors.ts'

const KiB = 1024
const MiB = 1024 * KiB

/** Which parts of a file may be asked for. https://core.telegram.org/api/files#downloading-files */
export function checkRange(offset: number, limit: number, precise: boolean): void {
  const step = precise ? KiB : 4 * KiB
  if (!(offset >= 0 && offset % step === 0)) throw new RpcError('OFFSET_INVALID')
  if (!(limit > 0 && limit % step === 0 && limit <= MiB)) throw new RpcError('LIMIT_INVALID')
  if (!precise && MiB % limit !== 0) throw new RpcError('LIMIT_INVALID')
  if (Math.floor(offset / MiB) !== Math.floor((offset + limit - 1) / MiB)) throw new RpcError('LIMIT_INVALID')
}
