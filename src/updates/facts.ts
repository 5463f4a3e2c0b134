import type { Ctx } from '../rpc/context.ts'
import type * as tl from '../tl/gen/types.ts'
import { LATEST_LAYER, readObject, writeObject } from '../tl/index.ts'

/**
 * What a box's log can hold: kind to data, extended by module augmentation where a kind is defined. A fact names
 * what happened by ids; what a viewer sees of it is read when it is sent, so live pushes and getDifference agree.
 */
export interface Facts {
  /** An update that looks the same to every viewer and carries no pts. */
  update: { update: tl.Update }
  /** An update that only bots get, counted in their box's qts, which it is given when it is read. */
  counted: { update: Extract<tl.Update, { qts: number }> }
}

export type Fact = { [K in keyof Facts]: { kind: K } & Facts[K] }[keyof Facts]
export type FactOf<K extends keyof Facts> = { kind: K } & Facts[K]

/** Where a fact stands in its box. */
export interface Position {
  readonly pos: number
  /** The box's pts after this fact, also where the fact takes none itself. */
  readonly pts: number
  /** How many pts it takes; 0 for an update without pts. */
  readonly ptsCount: number
  /** The box's qts after this fact; 0 where it is not counted in qts. */
  readonly qts: number
  readonly date: number
}

export interface Logged<K extends keyof Facts = keyof Facts> extends Position {
  readonly owner: number
  readonly fact: FactOf<K>
  /** The row that the fact names, as this node has just written it; the hub takes it away before it may be stale. */
  written?: unknown
}

/** How a kind counts, and how it looks to the box's owner (or to a member, for a channel's box). */
export interface FactKind<K extends keyof Facts> {
  /** How many pts one fact takes; 0 for updates without pts. */
  pts(fact: FactOf<K>): number
  /** True for facts counted in the box's qts, which only bots have; secret chats count theirs by the device. */
  qts?: boolean
  /** Renders all facts of this kind of one read, in their order; undefined where nothing is left to show. */
  render(viewer: Ctx, facts: readonly Logged<K>[]): Promise<(tl.Update | undefined)[]>
  /**
   * In a channel's box: the accounts to whom these facts look otherwise than to its plain members, beside the users and
   * chats that come along. Undefined, or left out, where everybody's look is their own.
   */
  others?(ctx: Ctx, facts: readonly Logged<K>[]): Promise<Iterable<number> | undefined>
}

/** Kinds after which the rows that earlier facts of the box name are what they were. */
export const LEAVES_ROWS: ReadonlySet<string> = new Set(['newMessage', 'readInbox', 'readOutbox'])

export type FactKinds = { [K in keyof Facts]: FactKind<K> }

export const updateKind: FactKind<'update'> = {
  pts: () => 0,
  render: async (_viewer, facts) => facts.map((f) => f.fact.update),
  others: async () => [],
}

export const countedKind: FactKind<'counted'> = {
  pts: () => 0,
  qts: true,
  render: async (_viewer, facts) => facts.map(({ fact, qts }) => ({ ...fact.update, qts })),
}

/** A fact as the log keeps it: `ref` is the message id of those that name one message, `data` the rest. */
export function encodeFact(fact: Fact): { ref: number | null; data: Uint8Array | null } {
  if (fact.kind === 'update' || fact.kind === 'counted') {
    return { ref: null, data: writeObject(fact.update, LATEST_LAYER) }
  }
  const { kind: _, ref, ...rest } = fact as { kind: string; ref?: number }
  const data = Object.keys(rest).length > 0 ? Buffer.from(JSON.stringify(rest)) : null
  return { ref: ref ?? null, data }
}

export function decodeFact(kind: string, ref: number | null, data: Uint8Array | null): Fact {
  if (kind === 'update' || kind === 'counted') return { kind, update: readObject(data!) } as Fact
  const rest = data ? JSON.parse(Buffer.from(data).toString()) : undefined
  return { kind, ...(ref === null ? undefined : { ref }), ...rest } as Fact
}

/** Renders facts in the order of the log, each kind's together so that its rows are read at once. */
export async function renderFacts(viewer: Ctx, logged: readonly Logged[]): Promise<(tl.Update | undefined)[]> {
  const kinds = viewer.app.facts
  const first = logged[0]
  if (!first) return []
  if (logged.every((l) => l.fact.kind === first.fact.kind)) {
    return (kinds[first.fact.kind] as FactKind<keyof Facts>).render(viewer, logged)
  }
  const groups = new Map<keyof Facts, number[]>()
  logged.forEach((l, i) => {
    const group = groups.get(l.fact.kind)
    if (group) group.push(i)
    else groups.set(l.fact.kind, [i])
  })
  const out: (tl.Update | undefined)[] = new Array(logged.length)
  const renderKind = async ([kind, indexes]: [keyof Facts, number[]]) => {
    const rendered = await (kinds[kind] as FactKind<keyof Facts>).render(
      viewer,
      indexes.map((i) => logged[i]!),
    )
    indexes.forEach((index, i) => {
      out[index] = rendered[i]
    })
  }
  await Promise.all([...groups].map(renderKind))
  return out
}
