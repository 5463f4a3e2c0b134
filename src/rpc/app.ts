import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Providers } from '../providers/index.ts'
import type { Senders } from '../senders/index.ts'
import type { Blobs } from '../storage/blobs.ts'
import type { Store } from '../storage/index.ts'
import type { FactKinds } from '../updates/facts.ts'
import type { Hub } from '../updates/hub.ts'
import type { Authorizations } from './authorizations.ts'
import type { Jobs } from './jobs.ts'
import type { MethodSource } from './method.ts'
import type { Nodes } from './nodes.ts'

/** Keys derived from the server's secret, one for each use. */
export interface Secrets {
  readonly accessHash: Buffer
  readonly fileReference: Buffer
  readonly seal: Buffer
  readonly salt: Buffer
  readonly token: Buffer
}

/** What one running server consists of. Made by server.ts, which alone knows every part. */
export interface App {
  readonly config: Config
  readonly store: Store
  readonly blobs: Blobs
  readonly clock: Clock
  readonly random: (bytes: number) => Buffer
  readonly log: Log
  readonly metrics: Metrics
  readonly senders: Senders
  readonly providers: Providers
  readonly secrets: Secrets
  readonly hub: Hub
  /** The other nodes of the cluster, where there are any. */
  readonly nodes: Nodes
  readonly jobs: Jobs
  readonly authorizations: Authorizations
  readonly facts: FactKinds
  readonly methods: MethodSource
  /** Ends an authorization key, on every node: its sessions close, and its clients are told that it is not known. */
  readonly dropKey: (id: bigint) => void
  readonly dropKeyHere: (id: bigint) => void
  /** `address:port` pairs that previews may be fetched from although they are not public; tests alone set any. */
  readonly previewHosts: ReadonlySet<string> | undefined
  /** Where clients reach this server, for help.getConfig. */
  readonly address: { host: string; port: number }
}
