import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'

/**
 * Serves only locations that the server has signed itself, and this one signs none: it gives out no web documents, and
 * places without an access hash. https://core.telegram.org/api/files#downloading-webfiles
 */
export default method('upload.getWebFile', async () => {
  throw new RpcError('LOCATION_INVALID')
})
