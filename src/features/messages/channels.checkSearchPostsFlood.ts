import { method } from '../../rpc/method.ts'
import { searchesLeft } from './post-search.ts'

export default method('channels.checkSearchPostsFlood', (ctx, req) => searchesLeft(ctx, req.query), { flood: 'read' })
