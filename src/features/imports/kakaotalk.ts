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

const HEADER = /^(?:(.{1,256}?) )?(?:KakaoTalk Chats(?: with (.{1,256}))?|(?:(\d+) )?카카오톡 대화)\s*$/
const SAVED = /^(?:Date Saved|저장한 날짜)\s*:/
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAY_EN = String.raw`(?:[A-Z][a-z]+, )?([A-Z][a-z]{2,8}) (\d{1,2}), (\d{4})`
const DAY_KO = String.raw`(\d{4})년 (\d{1,2})월 (\d{1,2})일`
const TIME = String.raw`(오전|오후)? ?(\d{1,2}):(\d{2})(?: ?([AP]M))?`
/** On computers a line begins each day, and names stand in brackets. */
const RULE = new RegExp(`^-{5,} (?:${DAY_EN}|${DAY_KO}(?: \\S+)?) -{5,}$`)
const BRACKETED = new RegExp(String.raw`^\[([^\]]{1,128})\] \[${TIME}\] (.*)$`)
/** On telephones every line has its whole date. */
const DATED = new RegExp(`^(?:${DAY_EN}(?: at|,)?|${DAY_KO}) ${TIME}, (.{1,128}?) : (.*)$`)
/** On telephones such a line alone begins a day, or says who came and went. */
const BARE = new RegExp(`^(?:${DAY_EN}(?: at|,)?|${DAY_KO}) ${TIME}(?:, .*)?$`)

type Found = RegExpExecArray

/** The day that six groups of a match name, beginning with `at`: three of the English form, or three of the Korean. */
function dayIn(found: Found, at: number): number {
  const month = found[at] ? MONTHS.indexOf(found[at].slice(0, 3).toLowerCase()) + 1 : Number(found[at + 4])
  const day = Number(found[at + 1] ?? found[at + 5])
  const begun = dayOf(Number(found[at + 2] ?? found[at + 3]), month, day)
  if (begun === undefined) throw new ExportDateError(found[0])
  return begun
}

function secondsIn(found: Found, at: number): number {
  const minute = minutesOf(Number(found[at + 1]), Number(found[at + 2]), found[at] ?? found[at + 3])
  if (minute === undefined) throw new ExportDateError(found[0])
  return minute * 60
}

/** A chat that KakaoTalk exported, on a telephone or a computer; undefined for what is none. Throws ExportDateError. */
export function parseKakaoTalk(text: string): ParsedExport | undefined {
  const lines = linesOf(text)
  const header = HEADER.exec(lines[0]?.trim() ?? '')
  if (!header || !SAVED.test(lines[1]?.trim() ?? '')) return undefined
  const title = (header[2] ?? header[1])
    ?.replace(/ ?님과$/, '')
    .replace(/ \d+$/, '')
    .trim()
  const messages: ExportedMessage[] = []
  let day: number | undefined
  let last: ExportedMessage | undefined
  const begin = (author: string, date: number, said: string) => {
    last = { author: author.trim().slice(0, NAME), date, text: said }
    messages.push(last)
  }
  for (const line of lines.slice(2)) {
    const rule = RULE.exec(line.trim())
    if (rule) {
      day = dayIn(rule, 1)
      last = undefined
      continue
    }
    const bracketed = BRACKETED.exec(line)
    if (bracketed) {
      if (day === undefined) throw new ExportDateError(line)
      begin(bracketed[1]!, day + secondsIn(bracketed, 2), bracketed[6]!)
      continue
    }
    const dated = DATED.exec(line)
    if (dated) begin(dated[11]!, dayIn(dated, 1) + secondsIn(dated, 7), dated[12]!)
    else if (BARE.test(line)) last = undefined
    else addLine(last, line)
  }
  for (const message of messages) message.text = message.text.trimEnd()
  const several = Number(header[3] ?? 0) > 2 || /\d+$/.test(header[1] ?? '')
  const kind = several ? 'group' : kindByAuthors(messages)
  return { app: 'kakaotalk', kind, title: kind === 'group' ? title || undefined : undefined, messages }
}
