import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/** Only a CDN data centre serves it, and this server is none. https://core.telegram.org/cdn */
export default method('upload.getCdnFile', async () => {
  throw new RpcError('METHOD_INVALID')
})
