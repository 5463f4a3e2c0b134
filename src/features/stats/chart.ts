import type * as tl from '../../tl/gen/types.ts'

/** The colors that clients know by name, with what they are without a theme: by day and in the dark. */
const COLORS = {
  blue: ['#327FE5', '#529FFF'],
  green: ['#61C752', '#3DC23F'],
  red: ['#E05356', '#F34C44'],
  golden: ['#EBA52D', '#DEAC1F'],
  lightblue: ['#58A8ED', '#2AB8F1'],
  lightgreen: ['#8FCF39', '#7CC243'],
  orange: ['#F28C39', '#EE7D2F'],
  indigo: ['#7F79F3', '#8F78F1'],
} as const
export type Color = keyof typeof COLORS
export const PALETTE = Object.keys(COLORS) as Color[]

export interface Line {
  name: string
  color: Color
  values: readonly number[]
}

/** What is drawn. https://core.telegram.org/api/stats#graph-syntax */
export interface Chart {
  type: 'line' | 'step' | 'bar' | 'area'
  /** Unix seconds, but hours of the day where the unit says so. */
  x: readonly number[]
  unit: 'day' | 'hour' | 'week' | 'hourOfDay'
  lines: readonly Line[]
  /** Step charts of two lines, each on its own scale. */
  yScaled?: boolean
  /** How many of the newest points are shown at first; all when left out. */
  shown?: number
}

/** What clients show in place of a chart that has nothing to draw. */
export const NO_DATA: tl.statsGraphError = { _: 'statsGraphError', error: 'Not enough data to display.' }

/** Dates are written by the client, by these names. */
const FORMAT: Record<Chart['unit'], string> = { day: 'day', hour: 'hour', week: 'week', hourOfDay: 'hour' }

/**
 * A chart as clients take it: `columns` with their labels first, then what belongs to each label. Two points and
 * something above zero are the least that can be drawn.
 * @param zoomToken by which a point's details are asked for
 */
export function drawn(chart: Chart | undefined, dark: boolean, zoomToken?: string): tl.StatsGraph {
  if (!chart || chart.x.length < 2 || !chart.lines.some((line) => line.values.some((value) => value !== 0))) {
    return NO_DATA
  }
  const { type, unit, lines } = chart
  const x = unit === 'hourOfDay' ? [...chart.x] : chart.x.map((time) => time * 1000)
  const labelled = lines.map((line, i) => [`y${i}`, line] as const)
  const of = <T>(value: (line: Line) => T) => Object.fromEntries(labelled.map(([label, line]) => [label, value(line)]))
  const stacked = type === 'bar' || type === 'area'
  const first = chart.shown === undefined ? x[0]! : x[Math.max(0, x.length - chart.shown)]!
  const json = {
    columns: [['x', ...x], ...labelled.map(([label, line]) => [label, ...line.values])],
    types: { ...of(() => type), x: 'x' },
    names: of((line) => line.name),
    colors: of((line) => `${line.color}${COLORS[line.color][dark ? 1 : 0]}`),
    hidden: [],
    ...(stacked ? { stacked: true } : {}),
    ...(type === 'area' ? { percentage: true } : {}),
    ...(chart.yScaled ? { y_scaled: true } : {}),
    subchart: { show: true, defaultZoom: [first, x.at(-1)!] },
    strokeWidth: 2,
    xTickFormatter: `statsFormat('${FORMAT[unit]}')`,
    xTooltipFormatter: `statsFormat('${FORMAT[unit]}')`,
    xRangeFormatter: 'null',
  }
  const data: tl.DataJSON = { _: 'dataJSON', data: JSON.stringify(json) }
  return { _: 'statsGraph', json: data, zoomToken }
}
