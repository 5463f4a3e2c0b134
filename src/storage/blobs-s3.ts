import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { BlobNotFound, type BlobReader, type Blobs, checkKey, MAX_GET } from './blobs.ts'
import { Holds } from './holds.ts'

/** What a file is cut into on its way there: S3 takes 5 MiB to 5 GiB, and 10,000 of them. */
const PART = 8 * 1024 * 1024
/** Parts under way at once, beside the one that fills: what one upload holds in memory. */
const AT_ONCE = 2

/** One request, with what it sends or gets (a stream's head only), may take so long, ms; and is made again so often. */
const LIMIT_MS = 60_000
const ATTEMPTS = 5
const RETRY_FIRST_MS = 100

export interface S3Address {
  /** `https://host[:port]/bucket`, or with the bucket in the host's name. */
  base: string
  /** What every key begins with: empty, or ends with a slash. */
  prefix: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string | undefined
}

/**
 * `s3://[KEY:SECRET@]BUCKET[/PREFIX][?endpoint=URL&region=NAME]`. What is missing comes from AWS's own environment
 * variables (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL_S3). An endpoint
 * that is named has the bucket in its path, Amazon's own in the host's name.
 */
export function s3Address(address: string, env: Record<string, string | undefined> = process.env): S3Address {
  const url = new URL(address)
  const bucket = url.hostname
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw new Error(`blobs: "${bucket}" is no name of a bucket`)
  const region = url.searchParams.get('region') ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1'
  const endpoint = url.searchParams.get('endpoint') ?? env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint)) throw new Error('blobs: ?endpoint= is http(s)://...')
  const accessKeyId = decodeURIComponent(url.username) || env.AWS_ACCESS_KEY_ID
  const secretAccessKey = decodeURIComponent(url.password) || env.AWS_SECRET_ACCESS_KEY
  if (!accessKeyId || !secretAccessKey) {
    throw new Error('blobs: S3 needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or s3://KEY:SECRET@BUCKET')
  }
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '')
  return {
    base: endpoint ? `${endpoint.replace(/\/+$/, '')}/${bucket}` : `https://${bucket}.s3.${region}.amazonaws.com`,
    prefix: prefix === '' ? '' : `${prefix}/`,
    region,
    accessKeyId,
    secretAccessKey,
    sessionToken: url.username === '' ? env.AWS_SESSION_TOKEN : undefined,
  }
}

/** What S3 answers with when it refuses. */
class S3Error extends Error {
  override name = 'S3Error'
  readonly status: number
  constructor(status: number, what: string, said: string) {
    const code = /<Code>([^<]*)<\/Code>/.exec(said)?.[1]
    super(`${what}: S3 answers ${status}${code ? ` ${code}` : ''}`)
    this.status = status
  }
}

/** Bytes of files in a bucket of S3, or of what speaks like it. What S3 answered is durable; so is what `put` resolves. */
export class S3Blobs implements Blobs {
  readonly #at: S3Address
  readonly #page: number
  readonly #client: AwsClient
  readonly #holds = new Holds()

  /** @param page how many keys of a list are asked for at once */
  constructor(address: S3Address, page = 1000) {
    this.#at = address
    this.#page = page
    this.#client = new AwsClient({ ...address, service: 's3', retries: 0 })
  }

  /** Fails when the bucket is not there, or not ours. */
  async ready(): Promise<void> {
    const answer = await this.#ask('GET', '', { query: 'max-keys=1' })
    await answer.body?.cancel()
  }

  async put(key: string, stream: AsyncIterable<Uint8Array>): Promise<number> {
    checkKey(key)
    let size = 0
    let upload: Upload | undefined
    try {
      for await (const part of inParts(stream)) {
        size += part.length
        if (part.length === PART || upload) await (upload ??= await this.#begin(key)).add(part)
        else await this.#done('PUT', key, { body: part })
      }
      if (upload) await upload.end()
      else if (size === 0) await this.#done('PUT', key, { body: new Uint8Array(0) })
      return size
    } catch (error) {
      await upload?.abort()
      throw error
    }
  }

  async #begin(key: string): Promise<Upload> {
    const said = await (await this.#ask('POST', key, { query: 'uploads=' })).text()
    const id = /<UploadId>([^<]+)<\/UploadId>/.exec(said)?.[1]
    if (id === undefined) throw new Error('S3 begins no upload')
    return new Upload(unescapeXml(id), (method, query, body) => this.#ask(method, key, { query, body }))
  }

  async get(key: string, offset: number, length: number): Promise<Buffer> {
    checkKey(key)
    if (!(Number.isSafeInteger(offset) && offset >= 0 && Number.isInteger(length) && length >= 0)) {
      throw new RangeError('an offset and a length are whole numbers of bytes')
    }
    if (length > MAX_GET) throw new RangeError(`at most ${MAX_GET} bytes at once`)
    if (length === 0) {
      if (!(await this.exists(key))) throw new BlobNotFound(key)
      return Buffer.alloc(0)
    }
    const range = `bytes=${offset}-${offset + length - 1}`
    const answer = await this.#ask('GET', key, { range, whole: true })
    return Buffer.from(await answer.arrayBuffer())
  }

  async open(key: string): Promise<BlobReader> {
    checkKey(key)
    const head = await this.#ask('HEAD', key)
    const size = Number(head.headers.get('content-length'))
    return { size, stream: (offset = 0) => this.#stream(key, offset, size) }
  }

  async *#stream(key: string, offset: number, size: number): AsyncGenerator<Uint8Array> {
    if (offset >= size) return
    const answer = await this.#ask('GET', key, { range: `bytes=${offset}-` })
    if (answer.body) yield* answer.body as unknown as AsyncIterable<Uint8Array>
  }

  async delete(key: string): Promise<void> {
    checkKey(key)
    await this.#holds.over()
    try {
      await this.#done('DELETE', key)
    } catch (error) {
      if (!(error instanceof BlobNotFound)) throw error
    }
  }

  async exists(key: string): Promise<boolean> {
    checkKey(key)
    try {
      await this.#ask('HEAD', key)
      return true
    } catch (error) {
      if (error instanceof BlobNotFound) return false
      throw error
    }
  }

  async *list(): AsyncGenerator<{ key: string; size: number }> {
    const { prefix } = this.#at
    for (let marker = '', more = true; more; ) {
      // The first version of the list: whatever speaks S3 has it, and it goes on from a key, not from a token.
      const query = new URLSearchParams({ prefix, marker, 'max-keys': String(this.#page) })
      const said = await (await this.#ask('GET', '', { query: String(query) })).text()
      more = said.includes('<IsTruncated>true')
      for (const [, entry] of said.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        marker = unescapeXml(/<Key>([^<]*)<\/Key>/.exec(entry!)?.[1] ?? '')
        yield { key: marker.slice(prefix.length), size: Number(/<Size>(\d+)<\/Size>/.exec(entry!)?.[1]) }
      }
    }
  }

  hold(): () => void {
    return this.#holds.hold()
  }

  async #done(method: string, key: string, what: Ask = {}): Promise<void> {
    await (await this.#ask(method, key, what)).body?.cancel()
  }

  /** One request, made again where that may help. @throws BlobNotFound, S3Error */
  async #ask(method: string, key: string, what: Ask = {}): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(method, key, what)
      } catch (error) {
        const { status } = error as Partial<S3Error>
        const lasts = error instanceof BlobNotFound || (status !== undefined && status < 500 && status !== 429)
        if (lasts || attempt === ATTEMPTS) throw error
        await sleep(RETRY_FIRST_MS * 2 ** attempt * Math.random())
      }
    }
  }

  async #once(method: string, key: string, { query, body, range, whole }: Ask): Promise<Response> {
    const path = key === '' ? '' : `/${this.#at.prefix}${key}`
    const headers: Record<string, string> = {
      // Names what is sent: S3 refuses anything else, whatever carries it.
      'x-amz-content-sha256': createHash('sha256')
        .update(body ?? '')
        .digest('hex'),
      ...(range ? { range } : undefined),
      ...(body ? { 'content-length': String(body.length) } : undefined),
    }
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(new Error('S3 does not answer')), LIMIT_MS)
    try {
      const answer = await this.#client.fetch(`${this.#at.base}${path}${query ? `?${query}` : ''}`, {
        method,
        headers,
        signal: limit.signal,
        ...(body ? { body: body as Uint8Array<ArrayBuffer> } : undefined),
      })
      if (answer.ok) return whole ? new Response(await answer.arrayBuffer()) : answer
      // Nothing stands after that offset.
      if (answer.status === 416) {
        await answer.body?.cancel()
        return new Response(null)
      }
      const said = method === 'HEAD' ? '' : await answer.text()
      if (answer.status === 404 && key !== '' && !said.includes('NoSuchBucket') && !said.includes('NoSuchUpload')) {
        throw new BlobNotFound(key)
      }
      throw new S3Error(answer.status, `${method} ${key}`, said)
    } finally {
      clearTimeout(timer)
    }
  }
}

interface Ask {
  query?: string
  body?: Uint8Array | undefined
  range?: string
  /** The answer's body is read under the same limit of time, and asked for again when it breaks off. */
  whole?: boolean
}

/** A file on its way in parts. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
class Upload {
  readonly #id: string
  readonly #ask: (method: string, query: string, body?: Uint8Array) => Promise<Response>
  readonly #tags: string[] = []
  readonly #under = new Set<Promise<void>>()
  #failed: unknown

  constructor(id: string, ask: (method: string, query: string, body?: Uint8Array) => Promise<Response>) {
    this.#id = encodeURIComponent(id)
    this.#ask = ask
  }

  /** Resolves when there is room for another part. */
  async add(part: Uint8Array): Promise<void> {
    const number = this.#tags.push('')
    const under = this.#ask('PUT', `partNumber=${number}&uploadId=${this.#id}`, part)
      .then(async (answer) => {
        this.#tags[number - 1] = answer.headers.get('etag') ?? ''
        await answer.body?.cancel()
      })
      .catch((error: unknown) => {
        this.#failed ??= error
      })
      .finally(() => this.#under.delete(under))
    this.#under.add(under)
    while (this.#under.size >= AT_ONCE) await Promise.race(this.#under)
    if (this.#failed) throw this.#failed
  }

  async end(): Promise<void> {
    await Promise.all(this.#under)
    if (this.#failed) throw this.#failed
    const parts = this.#tags.map(
      (tag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${tag.replaceAll('"', '&quot;')}</ETag></Part>`,
    )
    const list = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`)
    const said = await (await this.#ask('POST', `uploadId=${this.#id}`, list)).text()
    // What goes wrong after S3 has begun to answer stands in an answer of 200.
    if (said.includes('<Error>')) throw new S3Error(200, 'the end of an upload', said)
  }

  /** Leaves nothing behind, if S3 can be reached; a rule of the bucket sees to the rest (see docs/operators.md). */
  async abort(): Promise<void> {
    await Promise.allSettled(this.#under)
    const gone = await this.#ask('DELETE', `uploadId=${this.#id}`).catch(() => undefined)
    await gone?.body?.cancel()
  }
}

/** What a stream gives in pieces of one size; the last is smaller, and may be missing. */
async function* inParts(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let part = Buffer.allocUnsafe(PART)
  let filled = 0
  for await (const bytes of stream) {
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(bytes.length - at, PART - filled)
      part.set(bytes.subarray(at, at + taken), filled)
      at += taken
      filled += taken
      if (filled < PART) continue
      yield part
      part = Buffer.allocUnsafe(PART) // the one before is still on its way
      filled = 0
    }
  }
  if (filled > 0) yield part.subarray(0, filled)
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescapeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]!)
}
