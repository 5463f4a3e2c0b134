import type * as tl from '../../tl/gen/types.ts'
import { classesOf, type HtmlElement } from './html.ts'
import { isEmpty, type Reading, richText } from './rich-text.ts'

/** Bounds of one table; what is beyond is left out. */
const ROWS = 100
const COLUMNS = 20

/** The rows of a table, those of its parts included and those of tables within it not. */
export function* rowsOf(element: HtmlElement): Generator<HtmlElement> {
  for (const child of element.children) {
    if (typeof child === 'string') continue
    if (child.name === 'tr') yield child
    else if (child.name === 'thead' || child.name === 'tbody' || child.name === 'tfoot') yield* rowsOf(child)
  }
}

const span = (text: string | undefined): number | undefined => {
  const n = text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : 1
  return n > 1 ? Math.min(n, COLUMNS) : undefined
}

/** A table of texts; undefined for one that only arranges what is in it. */
export function tableOf(element: HtmlElement, reading: Reading): tl.PageBlock[] | undefined {
  const { role, border } = element.attributes
  const all = [...rowsOf(element)].slice(0, ROWS)
  const cells = (row: HtmlElement) =>
    row.children.filter(
      (one): one is HtmlElement => typeof one === 'object' && (one.name === 'td' || one.name === 'th'),
    )
  if (role === 'presentation' || role === 'none' || element.hasPicture) return undefined
  if (all.length === 0 || all.every((row) => cells(row).length <= 1)) return undefined
  if (all.some((row) => cells(row).some((cell) => cell.hasBlock && holdsTable(cell)))) return undefined
  const rows: tl.PageTableRow[] = []
  for (const row of all) {
    if (reading.room.blocks-- <= 0 || reading.room.characters <= 0) break
    const found = cells(row)
      .slice(0, COLUMNS)
      .map((cell) => viewCell(cell, reading))
    if (found.length > 0) rows.push({ _: 'pageTableRow', cells: found })
  }
  if (!rows.some((row) => row.cells.some((cell) => cell.text))) return []
  const caption = element.children.find((one): one is HtmlElement => typeof one === 'object' && one.name === 'caption')
  const classes = classesOf(element)
  return [
    {
      _: 'pageBlockTable',
      bordered: (border !== undefined && border !== '0') || classes.includes('bordered') || undefined,
      striped: classes.includes('striped') || undefined,
      title: richText(caption?.children ?? [], reading),
      rows,
    },
  ]
}

function holdsTable(element: HtmlElement): boolean {
  return element.children.some((one) => typeof one === 'object' && (one.name === 'table' || holdsTable(one)))
}

/** A cell of a table; without its text where that is empty. */
export function viewCell(cell: HtmlElement, reading: Reading): tl.PageTableCell {
  const { align, valign, colspan, rowspan } = cell.attributes
  const text = richText(cell.children, reading)
  return {
    _: 'pageTableCell',
    header: cell.name === 'th' || undefined,
    alignCenter: align === 'center' || undefined,
    alignRight: align === 'right' || undefined,
    valignMiddle: valign === 'middle' || undefined,
    valignBottom: valign === 'bottom' || undefined,
    text: isEmpty(text) ? undefined : text,
    colspan: span(colspan),
    rowspan: span(rowspan),
  }
}
