import { method } from '../../rpc/method.ts'
import { answer, profileColors } from './palettes.ts'

export default method('help.getPeerProfileColors', async (_ctx, { hash }) => answer(profileColors, hash), {
  flood: 'read',
})
