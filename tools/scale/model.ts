// What a population asks of a server, and what that costs by the measured figures: the arithmetic of docs/scale.md.

/** Measured figures: CPU milliseconds of a node and of its database for one of each, and sizes. */
export interface Costs {
  taken: string
  node: {
    privateMessageCpuMs: number
    groupCopyCpuMs: number
    channelPostCpuMs: number
    channelDeliveryCpuMs: number
    differenceCpuMs: number
    signInCpuMs: number
    handshakeCpuMs: number
    fileCpuMsPerMiB: number
    connectionKiB: number
    baseMiB: number
  }
  database: { privateMessageCpuMs: number; groupCopyCpuMs: number; channelPostCpuMs: number; bytesPerCopy: number }
}

/** People and their habits, a day. */
export interface Population {
  users: number
  /** Share that has a connection open at the busiest hour. */
  online: number
  privateMessages: number
  groupMessages: number
  /** Members of a basic group that a message is copied to. */
  groupSize: number
  channelPosts: number
  /** Members of a channel or supergroup that are online when something is posted in it. */
  channelOnline: number
  /** Times a client connects and asks for what it missed. */
  reconnects: number
  /** New keys a day and user: new devices, temporary keys. */
  handshakes: number
  filesMiB: number
  /** The busiest second against the average one. */
  peak: number
}

export const POPULATION: Population = {
  users: 10_000_000,
  online: 0.15,
  privateMessages: 25,
  groupMessages: 8,
  groupSize: 12,
  channelPosts: 0.05,
  channelOnline: 400,
  reconnects: 20,
  handshakes: 1,
  filesMiB: 8,
  peak: 3,
}

/** What happens in a second, on average: each kind with its rate and what one costs, ms of CPU. */
export interface Kind {
  name: string
  perSecond: number
  nodeMs: number
  databaseMs: number
}

const DAY = 86_400

export function kinds(population: Population, costs: Costs): Kind[] {
  const { users } = population
  const { node, database } = costs
  const rate = (perUser: number) => (perUser * users) / DAY
  return [
    {
      name: 'private messages',
      perSecond: rate(population.privateMessages),
      nodeMs: node.privateMessageCpuMs,
      databaseMs: database.privateMessageCpuMs,
    },
    {
      name: 'messages in basic groups',
      perSecond: rate(population.groupMessages),
      nodeMs: node.groupCopyCpuMs * population.groupSize,
      databaseMs: database.groupCopyCpuMs * population.groupSize,
    },
    {
      name: 'posts in channels and supergroups',
      perSecond: rate(population.channelPosts),
      nodeMs: node.channelPostCpuMs + node.channelDeliveryCpuMs * population.channelOnline,
      databaseMs: database.channelPostCpuMs,
    },
    {
      name: 'reconnections',
      perSecond: rate(population.reconnects),
      nodeMs: node.signInCpuMs + node.differenceCpuMs,
      databaseMs: node.differenceCpuMs / 2,
    },
    { name: 'key exchanges', perSecond: rate(population.handshakes), nodeMs: node.handshakeCpuMs, databaseMs: 0.1 },
    { name: 'MiB of files', perSecond: rate(population.filesMiB), nodeMs: node.fileCpuMsPerMiB, databaseMs: 0.05 },
  ]
}

export interface Plan {
  /** Cores that the nodes, and the databases, are busy with at the peak. */
  nodeCores: number
  databaseCores: number
  connections: number
  connectionGiB: number
  /** Rows of messages that are written in a day, and what they take. */
  copies: number
  storedGiBADay: number
  /** Wakes over the bus at the peak: one a box and node that has sessions of it. */
  wakesPerSecond: number
  filesMiBPerSecond: number
}

export function plan(population: Population, costs: Costs): Plan {
  const all = kinds(population, costs)
  const cores = (ms: (kind: Kind) => number) =>
    (population.peak * all.reduce((sum, kind) => sum + kind.perSecond * ms(kind), 0)) / 1000
  const { users, privateMessages, groupMessages, groupSize, channelPosts } = population
  const copies = users * (2 * privateMessages + groupMessages * groupSize + channelPosts)
  const connections = users * population.online
  return {
    nodeCores: cores((kind) => kind.nodeMs),
    databaseCores: cores((kind) => kind.databaseMs),
    connections,
    connectionGiB: (connections * costs.node.connectionKiB) / 2 ** 20,
    copies,
    storedGiBADay: (copies * costs.database.bytesPerCopy) / 2 ** 30,
    wakesPerSecond: (population.peak * copies) / DAY,
    filesMiBPerSecond: (population.peak * users * population.filesMiB) / DAY,
  }
}
