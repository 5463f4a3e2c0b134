/** One message of another application's export. */
export interface ExportedMessage {
  author: string
  /** Unix seconds; exports do not name their time zone, so as if it were UTC. */
  date: number
  text: string
  /** The file that came with it, by its name in the export; the text's first line names it. */
  file?: string | undefined
}

/** What an export says, as far as it was given. */
export interface ParsedExport {
  app: 'whatsapp' | 'line' | 'kakaotalk'
  /** Undefined where the export does not tell. */
  kind: 'pm' | 'group' | undefined
  title: string | undefined
  messages: ExportedMessage[]
}

/** The export is one, but its dates make no sense. */
export class ExportDateError extends Error {
  override name = 'ExportDateError'
}

/** Longest line and name that are read as they are. */
const LINE = 65_536
export const NAME = 128

/** The lines of a text without the marks of direction that some applications put everywhere. */
export function linesOf(text: string): string[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .map((line) =>
      line
        .slice(0, LINE)
        .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
        .replace(/[\u00a0\u202f]/g, ' '),
    )
}

/** A time of day in minutes, or undefined. `half` is am, pm, or nothing in 24 hours. */
export function minutesOf(hours: number, minutes: number, half: string | undefined): number | undefined {
  const mark = half?.toLowerCase().replace(/[.\s]/g, '')
  const late = mark === 'pm' || mark === '오후' || mark === '午後'
  const early = mark === 'am' || mark === '오전' || mark === '午前'
  if (minutes > 59 || hours > (late || early ? 12 : 23)) return undefined
  if (late || early) return (hours % 12) * 60 + minutes + (late ? 720 : 0)
  return hours * 60 + minutes
}

/** A day's beginning in unix seconds; undefined for a day that there is not. */
export function dayOf(year: number, month: number, day: number): number | undefined {
  const full = year < 100 ? 2000 + year : year
  const ms = Date.UTC(full, month - 1, day)
  const date = new Date(ms)
  const real = date.getUTCFullYear() === full && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return real && full >= 2000 && full < 2100 ? ms / 1000 : undefined
}

/** A text grows line by line until the next message begins. */
export function addLine(message: ExportedMessage | undefined, line: string): void {
  if (message && message.text.length < LINE) message.text += `\n${line}`
}

/** Private chats have two sides at most. */
export function kindByAuthors(messages: readonly ExportedMessage[]): 'pm' | 'group' | undefined {
  const authors = new Set(messages.map((message) => message.author))
  return authors.size === 0 ? undefined : authors.size > 2 ? 'group' : 'pm'
}
