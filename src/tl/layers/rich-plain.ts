import type * as tl from '../gen/types.ts'

/** A rich text without its styles. */
export function plainOfText(text: tl.RichText): string {
  switch (text._) {
    case 'textEmpty':
    case 'textImage':
      return ''
    case 'textPlain':
      return text.text
    case 'textConcat':
      return text.texts.map(plainOfText).join('')
    case 'textMath':
      return text.source
    case 'textCustomEmoji':
      return text.alt
    default:
      return plainOfText(text.text)
  }
}

/**
 * What a rich message says in plain text, a line for each of its lines: what it is found by, and what clients of layers
 * before 227 are shown in place of it.
 */
export function plainOfRich({ blocks }: Pick<tl.richMessage, 'blocks'>): string {
  return linesOf(blocks).join('\n')
}

const linesOf = (blocks: readonly tl.PageBlock[]): string[] => blocks.flatMap(linesOfBlock)
const lines = (...texts: (tl.RichText | undefined)[]): string[] =>
  texts.map((text) => (text ? plainOfText(text) : '')).filter((line) => line !== '')

function linesOfBlock(block: tl.PageBlock): string[] {
  switch (block._) {
    case 'pageBlockBlockquote':
    case 'pageBlockPullquote':
      return lines(block.text, block.caption)
    case 'pageBlockBlockquoteBlocks':
      return [...linesOf(block.blocks), ...lines(block.caption)]
    case 'pageBlockDetails':
      return [...lines(block.title), ...linesOf(block.blocks)]
    case 'pageBlockList':
      return block.items.map((item) => `${checked(item) ?? '•'} ${textOfItem(item)}`)
    case 'pageBlockOrderedList':
      return block.items.map((item, i) => `${checked(item) ?? `${item.num ?? i + 1}.`} ${textOfItem(item)}`)
    case 'pageBlockTable':
      return [
        ...lines(block.title),
        ...block.rows.map((row) => row.cells.map((cell) => (cell.text ? plainOfText(cell.text) : '')).join(' | ')),
      ]
    case 'pageBlockCollage':
    case 'pageBlockSlideshow':
      return [...linesOf(block.items), ...lines(block.caption.text, block.caption.credit)]
    case 'pageBlockMath':
      return [block.source]
    case 'pageBlockButtonRow':
      return [block.buttons.map((button) => `[${plainOfText(button.text)}]`).join(' ')]
    default:
      if ('text' in block) return lines(block.text)
      return 'caption' in block && block.caption._ === 'pageCaption'
        ? lines(block.caption.text, block.caption.credit)
        : []
  }
}

function checked(item: tl.PageListItem | tl.PageListOrderedItem): string | undefined {
  return item.checkbox ? (item.checked ? '☑' : '☐') : undefined
}

function textOfItem(item: tl.PageListItem | tl.PageListOrderedItem): string {
  return 'blocks' in item ? linesOf(item.blocks).join('\n') : plainOfText(item.text)
}
