import { method } from '../../rpc/method.ts'
import { notifySettings } from './notify.ts'

export default method('account.getReactionsNotifySettings', (ctx) => notifySettings(ctx), { flood: 'read' })
