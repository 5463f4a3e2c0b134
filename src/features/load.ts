import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JobRunner } from '../rpc/jobs.ts'
import type { Method, MethodSource } from '../rpc/method.ts'

/** What a folder's index.ts exports. */
interface Feature {
  methods: readonly Method<any>[]
  /** What its scheduled work does, by the kind of job. */
  jobs?: Record<string, JobRunner>
}

/** The folders that have scheduled work, by the kinds of their jobs. */
const JOBS: Readonly<Record<string, readonly string[]>> = {
  account: ['accountTtl', 'deleteAccount', 'sweepAccount'],
  auth: ['idleDevices', 'sweepKeys'],
  boosts: ['boosts.tell', 'premium.end'],
  channels: ['channels.inherit'],
  config: ['smsjobs.pass'],
  files: ['expireUpload'],
  imports: ['imports.run'],
  messages: ['messages.burn', 'messages.expire', 'messages.index'],
  polls: ['polls.close'],
  scheduled: ['scheduled.send', 'scheduled.online'],
  'secret-chats': ['secretFile.drop'],
  spam: ['channels.antispam'],
  stats: ['stats.sweep'],
  stickers: ['stickers.uninstall'],
  transcription: ['transcribe'],
  'web-pages': ['webPages.giveUp'],
}

/**
 * The methods as a server has them: a folder's code is loaded with the first call of one of its methods, so that a
 * server that has just started has read a few hundred files fewer and keeps none of them in memory. Which folder that
 * is says schema/methods.tsv, as tools/check-ranks.ts makes sure.
 */
export class Features implements MethodSource {
  readonly #folders = new Map<string, string>()
  readonly #loading = new Map<string, Promise<Feature | undefined>>()
  readonly #methods = new Map<string, Method>()
  readonly #jobs = new Map<string, JobRunner>()

  constructor() {
    const table = readFileSync(new URL('../../schema/methods.tsv', import.meta.url), 'utf8')
    for (const line of table.split('\n')) {
      const [method, folder] = line.split('\t', 2)
      if (folder !== undefined && !method!.startsWith('#')) this.#folders.set(method!, folder)
    }
  }

  get(name: string): Method | undefined {
    return this.#methods.get(name)
  }

  async load(name: string): Promise<Method | undefined> {
    const folder = this.#folders.get(name)
    if (folder !== undefined) await this.#load(folder)
    return this.#methods.get(name)
  }

  /** The runner of a kind of job. */
  async job(kind: string): Promise<JobRunner | undefined> {
    const folder = Object.keys(JOBS).find((name) => JOBS[name]!.includes(kind))
    if (folder !== undefined) await this.#load(folder)
    return this.#jobs.get(kind)
  }

  #load(folder: string): Promise<Feature | undefined> {
    let loading = this.#loading.get(folder)
    if (!loading) this.#loading.set(folder, (loading = this.#read(folder)))
    return loading
  }

  async #read(folder: string): Promise<Feature | undefined> {
    if (!existsSync(join(import.meta.dirname, folder, 'index.ts'))) return undefined
    const feature = (await import(`./${folder}/index.ts`)) as Feature
    for (const method of feature.methods) this.#methods.set(method.name, method)
    for (const [kind, runner] of Object.entries(feature.jobs ?? {})) this.#jobs.set(kind, runner)
    return feature
  }
}

/** The folders of features, in the order of their names. */
export function foldersHere(): string[] {
  const { dirname } = import.meta
  return readdirSync(dirname)
    .filter((name) => existsSync(join(dirname, name, 'index.ts')))
    .sort()
}
