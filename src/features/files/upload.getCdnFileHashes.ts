import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Tokens come with redirects to a CDN, and this server redirects nobody. https://core.telegram.org/cdn */
export default method('upload.getCdnFileHashes', async () => {
  throw new RpcError('FILE_TOKEN_INVALID')
})
