import { type Bus, connectNats } from './bus/index.ts'
import { type Clock, ManualClock, systemClock } from './clock.ts'
import { joinCluster } from './cluster.ts'
import { type Config, type ConfigInput, configOf, LOG_LEVELS } from './config.ts'
import { flushStats } from './domain/channel-stats.ts'
import { chatParticipantsKind } from './domain/chat-members.ts'
import { complete, completeTold } from './domain/complete.ts'
import { draftFact } from './domain/drafts.ts'
import { ephemeralFact } from './domain/ephemeral.ts'
import { extraFacts } from './domain/extras.ts'
import { messageFacts } from './domain/message-facts.ts'
import { tellStatusHere } from './domain/online.ts'
import { prepareOrigins } from './domain/origins.ts'
import { peopleFacts } from './domain/people-facts.ts'
import { scheduledFacts } from './domain/scheduled-rows.ts'
import { secretFacts } from './domain/secret-chats.ts'
import { ChannelSharing } from './domain/sharing.ts'
import { newStickerSetFact } from './domain/stickers/facts.ts'
import { webPageFact } from './domain/web/pages.ts'
import { stopLoading } from './domain/web/turns.ts'
import { Features } from './features/load.ts'
import type { HttpServer } from './http.ts'
import { deriveSecrets, type Keys, openKeys } from './keys.ts'
import { createLog, type Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import type { Mtproto } from './mtproto/index.ts'
import { createProviders } from './providers/index.ts'
import { randomSource } from './random.ts'
import type { App } from './rpc/app.ts'
import { Authorizations, keyName } from './rpc/authorizations.ts'
import { systemCtx } from './rpc/context.ts'
import { Dispatcher } from './rpc/dispatch.ts'
import { Jobs } from './rpc/jobs.ts'
import { mtprotoHost } from './rpc/mtproto-host.ts'
import { type Hearers, Nodes } from './rpc/nodes.ts'
import { createSenders, type Senders } from './senders/index.ts'
import { openBlobs } from './storage/blobs.ts'
import { openStore, type Store } from './storage/index.ts'
import { methodInfo } from './tl/index.ts'
import { countedKind, updateKind } from './updates/facts.ts'
import { Hub } from './updates/hub.ts'
import { PRUNE, pruneLog, startPruning } from './updates/prune.ts'

/** Parts that a test puts in the place of the usual ones. */
export interface Parts {
  clock?: Clock
  log?: Log
  senders?: Senders
  store?: Store
  keys?: Keys
  bus?: Bus
  /** `address:port` pairs that previews may be fetched from although they are not public. */
  previewHosts?: ReadonlySet<string>
  /** Without sockets: the harness calls the dispatcher itself. */
  offline?: boolean
}

/** A running server. Disposing of it stops it gracefully. */
export interface Server extends AsyncDisposable {
  readonly app: App
  readonly dispatcher: Dispatcher
  readonly keys: Keys
  /** The address that MTProto is served on; port 0 when started without sockets. */
  readonly address: Readonly<App['address']>
  /** Port of WebSocket and HTTP, undefined without. */
  readonly httpPort: number | undefined
  readonly clock: Clock
  /** Resolves if the server cannot go on (its database failed): stop it then. */
  readonly failed: Promise<Error>
  /** Finishes what was begun, for as long as the configuration says, and closes everything. */
  stop(): Promise<void>
}

/** The levels that are written when this one is the lowest. */
const levelsFrom = (lowest: Config['logLevel']): string[] => LOG_LEVELS.slice(LOG_LEVELS.indexOf(lowest))

/** What is done on every node when something happens to an account. */
const hearers: Hearers = {
  status: tellStatusHere,
}

/** Undefined for a server that is alone. @throws ConfigError when this node is none of the cluster's */
async function openBus(config: Config, store: Store, keys: Keys, parts: Parts): Promise<Bus | undefined> {
  if (parts.bus || !config.bus) return parts.bus
  try {
    return await connectNats(config.bus, await joinCluster(store, keys.secret))
  } catch (error) {
    if (!parts.store) await store.close()
    throw error
  }
}

/**
 * Starts a server: the one place that knows every part. Resolves when it serves.
 * @throws ConfigError for a setting that cannot be used
 */
export async function startServer(settings: Config | ConfigInput = {}, parts: Parts = {}): Promise<Server> {
  const config = 'dataDir' in settings ? settings : configOf(settings)
  const clock = parts.clock ?? (config.test ? new ManualClock() : systemClock)
  const log = parts.log ?? createLog(config.logLevel)
  const keys = parts.keys ?? (await openKeys(config.dataDir))
  const failed = Promise.withResolvers<Error>()
  const metrics = createMetrics((name) => methodInfo(name) !== undefined)
  const store =
    parts.store ??
    (await openStore({
      database: config.database,
      onWarning: (error) => log.warn({ err: error }, 'the database'),
      onCommit: metrics.commit,
      onFailure: (error) => {
        log.fatal({ err: error }, 'the database cannot go on')
        failed.resolve(error)
      },
    }))
  const nodes = new Nodes(await openBus(config, store, keys, parts))
  const features = new Features()
  const app: App = {
    config,
    store,
    blobs: await openBlobs(config.blobs),
    clock,
    random: randomSource(),
    log,
    metrics,
    senders: parts.senders ?? createSenders(config, log),
    providers: createProviders(config),
    secrets: deriveSecrets(keys.secret),
    hub: new Hub(nodes.shared ? nodes : undefined),
    nodes,
    jobs: new Jobs({ [PRUNE]: pruneLog }, (kind) => features.job(kind)),
    authorizations: new Authorizations(store),
    facts: {
      update: updateKind,
      ...messageFacts,
      counted: countedKind,
      ...extraFacts,
      ephemeral: ephemeralFact,
      draft: draftFact,
      ...peopleFacts,
      ...scheduledFacts,
      ...secretFacts,
      chatParticipants: chatParticipantsKind,
      webPage: webPageFact,
      newStickerSet: newStickerSetFact,
    },
    methods: features,
    dropKey(id) {
      mtproto?.dropKey(id)
      nodes.dropped(keyName(id))
    },
    dropKeyHere: (id) => mtproto?.dropKey(id),
    previewHosts: parts.previewHosts,
    address: { host: config.advertise?.host ?? config.host, port: config.advertise?.port ?? config.port },
  }
  app.hub.sharing = new ChannelSharing(app)
  metrics.wakes(() => app.hub.wakes)
  metrics.queue('transactions', () => store.waiting)
  const dispatcher = new Dispatcher(app, (ctx, told, channels) => (channels ? completeTold : complete)(ctx, told))
  await nodes.start(app, hearers)
  await prepareOrigins(app)
  let mtproto: Mtproto | undefined
  let http: HttpServer | undefined
  let stopping: Promise<void> | undefined
  if (!parts.offline) {
    const { createMtproto } = await import('./mtproto/index.ts')
    const host = mtprotoHost(app, dispatcher, [keys.rsa])
    const network = { ...config.limits.network, secrets: config.mtproxySecrets }
    const pipes = createMtproto(host, network, config.threads, levelsFrom(config.logLevel))
    mtproto = pipes
    metrics.queue('sessions', () => pipes.sessions.size)
    metrics.queue('unacknowledged_bytes', () => pipes.sessions.values().reduce((sum, s) => sum + s.queued, 0))
    const { port } = await mtproto.listenTcp(config.host, config.port)
    app.address.port = config.advertise?.port ?? port
    if (config.httpPort !== undefined) {
      const { openHttp } = await import('./http.ts')
      http = await openHttp(app, mtproto)
    }
  }
  await startPruning(systemCtx(app))
  app.jobs.start(app)
  if (clock instanceof ManualClock) clock.onAdvance(() => app.jobs.run())
  const stop = async () => {
    http?.drain()
    await mtproto?.close(config.stopSeconds * 1000)
    await http?.close()
    await app.jobs.stop()
    await flushStats(app)
    await stopLoading(app)
    app.senders.close()
    await nodes.stop()
    if (!parts.store) await store.close()
  }
  return {
    app,
    dispatcher,
    keys,
    address: app.address,
    httpPort: http?.port,
    clock,
    failed: failed.promise,
    stop: () => (stopping ??= stop()),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  }
}
