/** A list that nothing is in: those of quiet sessions are all this one. */
export const NONE: readonly never[] = []

/** Adds to a list that may be the one of all who have nothing. Gives the list that it is from now on. */
export function added<T>(list: readonly T[], item: T): readonly T[] {
  if (list === NONE) return [item]
  ;(list as T[]).push(item)
  return list
}
