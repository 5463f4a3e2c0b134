import { method } from '../../rpc/method.ts'

/** This server has no CDN data centres: no file is ever redirected, and there are no keys to trust. */
export default method('help.getCdnConfig', async () => ({ _: 'cdnConfig', publicKeys: [] }), {
  anonymous: true,
  flood: 'read',
})
