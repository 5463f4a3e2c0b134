import { method } from '../../rpc/method.ts'
import { editFactCheck } from './edit.ts'

export default method('messages.deleteFactCheck', (ctx, req) => editFactCheck(ctx, req, undefined), { flood: 'write' })
