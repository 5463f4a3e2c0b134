import { method } from '../../rpc/method.ts'
import { answer, nameColors } from './palettes.ts'

export default method('help.getPeerColors', async (_ctx, { hash }) => answer(nameColors, hash), { flood: 'read' })
