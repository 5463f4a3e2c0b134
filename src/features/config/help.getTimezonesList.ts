import { method } from '../../rpc/method.ts'
import { jsonHash } from './json.ts'

export default method(
  'help.getTimezonesList',
  async (ctx, req) => {
    const timezones = zones(ctx.now * 1000)
    const hash = jsonHash(timezones as never)
    if (req.hash === hash) return { _: 'help.timezonesListNotModified' }
    return { _: 'help.timezonesList', timezones, hash }
  },
  { flood: 'read' },
)

let kept: { hour: number; zones: ReturnType<typeof zones> } | undefined

/** Every zone of the time zone database, with its offset now: it changes with summer time, at full quarters of an hour. */
function zones(ms: number): { _: 'timezone'; id: string; name: string; utcOffset: number }[] {
  const hour = Math.floor(ms / 900_000)
  if (kept?.hour === hour) return kept.zones
  const list = Intl.supportedValuesOf('timeZone')
    .map((id) => ({ _: 'timezone' as const, id, name: id.replaceAll('_', ' '), utcOffset: offset(id, ms) }))
    .sort((a, b) => a.utcOffset - b.utcOffset || (a.id < b.id ? -1 : 1))
  kept = { hour, zones: list }
  return list
}

/** Seconds east of Greenwich. */
function offset(timeZone: string, ms: number): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(ms)
  const text = parts.find((p) => p.type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes, seconds] = /([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(text) ?? []
  if (!sign) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0))
}
