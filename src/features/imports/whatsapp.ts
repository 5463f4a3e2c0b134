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

const DATE = String.raw`(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?,? `
const TIME = String.raw`(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?: ?([ap]\.? ?m\.?))?`
/** Android: `31/12/2020, 23:59 - Name: text`; iOS: `[31/12/2020, 23:59:59] Name: text`. */
const ANDROID = new RegExp(`^${DATE}${TIME} - (.*)$`, 'i')
const IOS = new RegExp(String.raw`^\u200e?\[${DATE}${TIME}\] (.*)$`, 'i')

const ATTACHED = [/^\u200e?<attached: (.+)>$/, /^\u200e?(\S.*\.\w{2,5}) \((?:file attached|.{3,40})\)$/]
/** What the application says by itself, as the author of which iOS names the chat. */
const NOTICE = /end-to-end encrypted/i
const CREATED = /(?:created|named|changed the subject .*to) (?:group |the group )?["“”]([^"“”]{1,128})["“”]/i

interface Stamp {
  numbers: [number, number, number]
  separator: string
  half: string | undefined
  seconds: number
  rest: string
}

function stampOf(line: string): Stamp | undefined {
  const found = IOS.exec(line) ?? ANDROID.exec(line)
  if (!found) return undefined
  const [, a, separator, b, c, hours, minutes, seconds, half, rest] = found
  const minute = minutesOf(Number(hours), Number(minutes), half)
  if (minute === undefined || Number(seconds ?? 0) > 59) return undefined
  return {
    numbers: [Number(a), Number(b), Number(c)],
    separator: separator!,
    half,
    seconds: minute * 60 + Number(seconds ?? 0),
    rest: rest!,
  }
}

type Order = 'dmy' | 'mdy' | 'ymd'

function dateIn(order: Order, { numbers: [a, b, c], seconds }: Stamp): number | undefined {
  const day = order === 'dmy' ? dayOf(c, b, a) : order === 'mdy' ? dayOf(c, a, b) : dayOf(a, b, c)
  return day === undefined ? undefined : day + seconds
}

/**
 * In which order this export writes dates: the one in which every date is one and none goes back; where several are
 * left, what is usual with its other marks.
 */
function orderOf(stamps: readonly Stamp[]): Order {
  const [first] = stamps
  const usual: Order[] = first!.half && first!.separator === '/' ? ['mdy', 'dmy', 'ymd'] : ['dmy', 'mdy', 'ymd']
  const possible = usual.filter((order) => stamps.every((stamp) => dateIn(order, stamp) !== undefined))
  if (possible.length === 0) throw new ExportDateError('no order of day and month fits')
  const backwards = (order: Order) =>
    stamps.reduce(
      (n, stamp, i) => (i > 0 && dateIn(order, stamp)! < dateIn(order, stamps[i - 1]!)! - 60 ? n + 1 : n),
      0,
    )
  return possible.reduce((best, order) => (backwards(order) < backwards(best) ? order : best))
}

function fileOf(text: string): string | undefined {
  const [line] = text.split('\n', 1)
  for (const form of ATTACHED) {
    const name = form.exec(line!)?.[1]
    if (name) return name.replace(/\u200e/g, '').trim()
  }
  return undefined
}

/** A chat that WhatsApp exported, on Android or iOS; undefined for what is none. Throws ExportDateError. */
export function parseWhatsApp(text: string): ParsedExport | undefined {
  const lines = linesOf(text)
  const start = lines.findIndex((line) => line.trim() !== '')
  if (start < 0 || !stampOf(lines[start]!)) return undefined
  const stamps: Stamp[] = []
  const bodies: ExportedMessage[] = []
  for (const line of lines.slice(start)) {
    const stamp = stampOf(line)
    if (!stamp) {
      addLine(bodies.at(-1), line)
      continue
    }
    stamps.push(stamp)
    bodies.push({ author: '', date: 0, text: stamp.rest })
  }
  const order = orderOf(stamps)
  let title: string | undefined
  const messages: ExportedMessage[] = []
  bodies.forEach((body, i) => {
    const at = body.text.indexOf(': ')
    const author =
      at > 0
        ? body.text
            .slice(0, at)
            .replace(/\u200e/g, '')
            .trim()
        : ''
    const said = at > 0 ? body.text.slice(at + 2).trimEnd() : body.text
    const own = author === '' || author.length > NAME || CREATED.test(author)
    if (own || (said.startsWith('\u200e') && NOTICE.test(said))) {
      title = CREATED.exec(body.text)?.[1] ?? title
      return
    }
    const file = fileOf(said)
    messages.push({ author, date: dateIn(order, stamps[i]!)!, text: said.replace(/^\u200e/, ''), file })
  })
  return { app: 'whatsapp', kind: title ? 'group' : kindByAuthors(messages), title, messages }
}
