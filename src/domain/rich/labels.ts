import type * as tl from '../../tl/gen/types.ts'

const ROMAN: [number, string][] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
]
/** Above this nobody counts in Roman numerals. */
const MOST_ROMAN = 3999

function roman(value: number): string {
  let rest = value
  let text = ''
  for (const [worth, sign] of ROMAN) {
    for (; rest >= worth; rest -= worth) text += sign
  }
  return text
}

function letters(value: number): string {
  let text = ''
  for (let rest = value; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(97 + ((rest - 1) % 26)) + text
  }
  return text
}

/** A number as a list of this type writes it: `a`, `A`, `i`, `I` as in HTML, digits for any other. */
function label(value: number, type: string | undefined): string {
  const counts = value > 0 && (type === 'a' || type === 'A' || value <= MOST_ROMAN)
  const lower = type?.toLowerCase()
  const text = counts && lower === 'a' ? letters(value) : counts && lower === 'i' ? roman(value) : String(value)
  return type === 'A' || type === 'I' ? text.toUpperCase() : text
}

/** What stands before each item of an ordered list: as it begins, runs and is numbered, unless an item says its own. */
export function itemLabels({ items, start, reversed, type }: tl.pageBlockOrderedList): string[] {
  let value = start ?? (reversed ? items.length : 1)
  return items.map((item) => {
    value = item.value ?? value
    const text = label(value, item.type ?? type)
    value += reversed ? -1 : 1
    return item.value === undefined && item.num ? item.num.slice(0, 32) : text
  })
}
