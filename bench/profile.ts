// What a CPU profile of the server was spent on, by the kind of work.

export interface CpuProfile {
  nodes: {
    id: number
    callFrame: { functionName: string; url: string; lineNumber: number }
    children?: number[]
  }[]
  samples: number[]
  timeDeltas: number[]
}

export const KINDS = ['crypto', 'codec', 'sql', 'sockets', 'mtproto', 'app', 'gc', 'other'] as const
export type Kind = (typeof KINDS)[number]

/** Files by the kind of work done in them; the first that matches. `app` is what handlers do: rpc, domain, features. */
const FILES: [RegExp, Kind][] = [
  [
    /^wasm:|@mtcute\/wasm|mtproto\/(crypto|ige|native-aes|wasm|random|dh|rsa)\.ts|node:ffi|internal\/ffi\/|internal\/crypto\//,
    'crypto',
  ],
  [/src\/tl\//, 'codec'],
  [/src\/storage\/|node_modules\/(kysely|pg)|node:sqlite|internal\/fs\//, 'sql'],
  [
    /mtproto\/(wires|listen)\.ts|node:net|internal\/(stream|streams|js_stream)|stream_base_commons|node:_?stream/,
    'sockets',
  ],
  [/src\/mtproto\//, 'mtproto'],
  [/src\/(rpc|updates|domain|features)\//, 'app'],
]

/** Functions of the runtime itself, which have no file. */
const NATIVE: [RegExp, Kind][] = [
  [/^\(garbage collector\)$/, 'gc'],
  [/^(writev?|writeBuffer|writeUtf8String|writeLatin1String|readStart|readStop|shutdown|_onimmediate)$/, 'sockets'],
  [/^(all|run|get|prepare|exec|iterate|fdatasync)$/, 'sql'],
  [/^(hash|update|digest|Hash|Hmac|CipherBase|final|oneShotDigest|CRYPTO_\w+|aesni_\w+)$/, 'crypto'],
]

/**
 * Time of each kind, as shares of the time the server was busy. A function of the runtime counts to whatever called it,
 * unless its name says what it does.
 */
export function shares(profile: CpuProfile): { busyShare: number } & Record<Kind, number> {
  const kinds = new Map<number, Kind | 'idle' | undefined>()
  const byId = new Map(profile.nodes.map((node) => [node.id, node]))
  const visit = (id: number, inherited: Kind | 'idle' | undefined) => {
    const node = byId.get(id)!
    const kind = kindOf(node.callFrame, inherited)
    kinds.set(id, kind)
    for (const child of node.children ?? []) visit(child, kind)
  }
  visit(profile.nodes[0]!.id, undefined)
  const time = new Map<Kind | 'idle', number>()
  profile.samples.forEach((id, i) => {
    const kind = kinds.get(id) ?? 'other'
    time.set(kind, (time.get(kind) ?? 0) + profile.timeDeltas[i]!)
  })
  const all = [...time.values()].reduce((a, b) => a + b, 0)
  const busy = all - (time.get('idle') ?? 0)
  const share = (n: number) => Math.round(n * 1000) / 1000
  const out = { busyShare: share(busy / all) } as { busyShare: number } & Record<Kind, number>
  for (const kind of KINDS) out[kind] = share((time.get(kind) ?? 0) / busy)
  return out
}

function kindOf(
  { functionName, url }: { functionName: string; url: string },
  inherited: Kind | 'idle' | undefined,
): Kind | 'idle' | undefined {
  if (functionName === '(idle)') return 'idle'
  for (const [pattern, kind] of url === '' ? NATIVE : FILES) {
    if (pattern.test(url === '' ? functionName : url)) return kind
  }
  return inherited
}

/** The functions that took most of the time themselves. */
export function hottest(profile: CpuProfile, count: number): { function: string; share: number }[] {
  const time = new Map<string, number>()
  const names = new Map<number, string>()
  for (const { id, callFrame } of profile.nodes) {
    const file = callFrame.url.replace(/^.*\/(?=(src|node_modules)\/)/, '')
    names.set(id, `${callFrame.functionName || '(anonymous)'} ${file}${file ? `:${callFrame.lineNumber + 1}` : ''}`)
  }
  let busy = 0
  profile.samples.forEach((id, i) => {
    const name = names.get(id)!
    if (name.startsWith('(idle)')) return
    busy += profile.timeDeltas[i]!
    time.set(name, (time.get(name) ?? 0) + profile.timeDeltas[i]!)
  })
  return [...time]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([name, t]) => ({ function: name.trim(), share: Math.round((t / busy) * 1000) / 1000 }))
}
