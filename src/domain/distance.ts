export interface Place {
  /** Degrees. */
  lat: number
  long: number
}

/** Metres from one degree of latitude to the next. */
export const METRES_A_DEGREE = 111_320
const EARTH = 6_371_000

/** Metres between two places, along the surface. */
export function distance(a: Place, b: Place): number {
  const rad = Math.PI / 180
  const dLat = ((b.lat - a.lat) * rad) / 2
  const dLong = ((b.long - a.long) * rad) / 2
  const h = Math.sin(dLat) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLong) ** 2
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(h)))
}
