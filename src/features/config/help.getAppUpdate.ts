import { method } from '../../rpc/method.ts'

// The server distributes no applications, so there is never a newer one.
export default method('help.getAppUpdate', async () => ({ _: 'help.noAppUpdate' }), { anonymous: true, flood: 'read' })
