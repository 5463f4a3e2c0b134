import {
  addLine,
  dayOf,
  ExportDateError,
  type ExportedMessage,
  kindByAuthors,
  linesOf,
  minutesOf,
  NAME,
  type ParsedExport,
} from './export.ts'

const HEADER = /^\[LINE\] (?:Chat history (with|in) (.{1,256})|(.{1,256}?)(との|の)トーク履歴)$/
/** `2021.01.28 Thursday`, `2021/01/28(Thu)`, `Thu, 01/28/2021`. */
const DAY_YMD = /^(\d{4})[./](\d{1,2})[./](\d{1,2})(?: ?\(?[^\d\s()]{1,12}\)?)?$/
const DAY_MDY = /^[^\d\s]{2,12}, (\d{1,2})\/(\d{1,2})\/(\d{4})$/
/** `12:34<tab>Name<tab>text`, with am or pm on either side of the time. */
const MESSAGE = /^(午前|午後|AM|PM)? ?(\d{1,2}):(\d{2}) ?([AP]M)?\t([^\t]*)\t(.*)$/i

function dayIn(line: string): number | undefined | null {
  const ymd = DAY_YMD.exec(line)
  if (ymd) return dayOf(Number(ymd[1]), Number(ymd[2]), Number(ymd[3])) ?? null
  const mdy = DAY_MDY.exec(line)
  if (mdy) return dayOf(Number(mdy[3]), Number(mdy[1]), Number(mdy[2])) ?? null
  return undefined
}

/** A chat that LINE exported; undefined for what is none. Throws ExportDateError. */
export function parseLine(text: string): ParsedExport | undefined {
  const lines = linesOf(text)
  const header = HEADER.exec(lines[0]?.trim() ?? '')
  if (!header) return undefined
  const withOne = header[1] === 'with' || header[4] === 'との'
  const title = (header[2] ?? header[3])!.trim()
  const messages: ExportedMessage[] = []
  let day: number | undefined
  let last: ExportedMessage | undefined
  // The second line says when the export was made.
  for (const line of lines.slice(2)) {
    const begun = dayIn(line.trim())
    if (begun === null) throw new ExportDateError(line)
    if (begun !== undefined) {
      day = begun
      last = undefined
      continue
    }
    const found = MESSAGE.exec(line)
    if (!found) {
      addLine(last, line)
      continue
    }
    const minute = minutesOf(Number(found[2]), Number(found[3]), found[1] ?? found[4])
    if (day === undefined || minute === undefined) throw new ExportDateError(line)
    const author = found[5]!.trim().slice(0, NAME)
    last = author === '' ? undefined : { author, date: day + minute * 60, text: found[6]! }
    if (last) messages.push(last)
  }
  for (const message of messages) message.text = unquoted(message.text.trimEnd())
  const kind = withOne ? (kindByAuthors(messages) ?? 'pm') : 'group'
  return { app: 'line', kind, title: kind === 'group' ? title : undefined, messages }
}

/** What has several lines stands in quotes. */
function unquoted(text: string): string {
  const whole = text.includes('\n') && text.startsWith('"') && text.endsWith('"')
  return whole ? text.slice(1, -1).replaceAll('""', '"') : text
}
