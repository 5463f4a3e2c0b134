import type * as tl from '../../tl/gen/types.ts'
import { plainOfRich } from '../../tl/index.ts'

/** What of a rich message comes with the message itself; the rest is asked for. Clients fold up about as much. */
const SHOWN = { characters: 8192, blocks: 100 }

/**
 * A rich message as it comes with its message: of a long one the blocks at its beginning, marked as a part.
 * https://core.telegram.org/constructor/richMessage
 */
export function shownRich(rich: tl.richMessage): tl.richMessage {
  let characters = 0
  let end = 0
  for (const block of rich.blocks) {
    characters += plainOfRich({ blocks: [block] }).length
    // However long the first block is, something is to be shown.
    if (end > 0 && (characters > SHOWN.characters || end >= SHOWN.blocks)) break
    end++
  }
  if (end === rich.blocks.length) return rich
  const blocks = rich.blocks.slice(0, end)
  const named = new Set<bigint>()
  nameFiles(blocks, named)
  return {
    ...rich,
    part: true,
    blocks,
    photos: rich.photos.filter((one) => named.has(one.id)),
    documents: rich.documents.filter((one) => named.has(one.id)),
  }
}

/** Numbers in blocks are those of photos and documents: a number of one is hardly that of the other. */
function nameFiles(value: unknown, found: Set<bigint>): void {
  if (typeof value === 'bigint') found.add(value)
  else if (Array.isArray(value)) for (const one of value) nameFiles(one, found)
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) nameFiles(one, found)
}
