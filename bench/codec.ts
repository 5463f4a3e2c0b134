// The codec beside mtcute's, in one process and in turns: node bench/codec.ts. One JSON line a figure.
import { createRequire } from 'node:module'
import { __tlReaderMap } from '@mtcute/tl/binary/reader.js'
import { __tlWriterMap } from '@mtcute/tl/binary/writer.js'
import { TlBinaryReader, TlBinaryWriter } from '@mtcute/tl-runtime'
import { readObject, writeObject } from '../src/tl/index.ts'

const Long = createRequire(import.meta.resolve('@mtcute/tl-runtime'))('long')

// Both are given the same object, but for the longs: bigint here, Long there.
type ToLong = (n: bigint) => any
const ours: ToLong = (n) => n
const theirs: ToLong = (n) => Long.fromString(n.toString())

const peerUser = (userId: number) => ({ _: 'peerUser', userId })
const message = (i: number, long: ToLong) => ({
  _: 'message',
  out: i % 2 === 0,
  id: 1000 + i,
  fromId: peerUser(5_000_000_000 + i),
  peerId: { _: 'peerChannel', channelId: 1_500_000_000 + (i % 20) },
  replyTo: i % 3 === 0 ? { _: 'messageReplyHeader', replyToMsgId: 900 + i } : undefined,
  date: 1_700_000_000 + i,
  message: i % 4 === 0 ? 'Привет, как дела? Увидимся завтра.' : 'Hello there, this is message number ' + i,
  media:
    i % 5 === 0
      ? {
          _: 'messageMediaPhoto',
          photo: {
            _: 'photo',
            id: long(5_432_109_876_543_210_987n),
            accessHash: long(-1_234_567_890_123_456_789n),
            fileReference: new Uint8Array(24).fill(i),
            date: 1_700_000_000,
            sizes: [
              { _: 'photoStrippedSize', type: 'i', bytes: new Uint8Array(180).fill(7) },
              { _: 'photoSize', type: 'm', w: 320, h: 240, size: 12345 },
              { _: 'photoSize', type: 'x', w: 800, h: 600, size: 54321 },
            ],
            dcId: 2,
          },
        }
      : undefined,
  entities: [
    { _: 'messageEntityBold', offset: 0, length: 5 },
    { _: 'messageEntityTextUrl', offset: 6, length: 5, url: 'https://example.org/some/page' },
  ],
  views: 100 + i,
  forwards: 3,
})
const user = (i: number, long: ToLong) => ({
  _: 'user',
  mutualContact: true,
  contact: true,
  id: 5_000_000_000 + i,
  accessHash: long(7_654_321_098_765_432_109n),
  firstName: 'First' + i,
  lastName: 'Last',
  username: 'user' + i,
  phone: '1555' + (1_000_000 + i),
  photo: {
    _: 'userProfilePhoto',
    photoId: long(6_000_000_000_000_000_001n),
    strippedThumb: new Uint8Array(60),
    dcId: 2,
  },
  status: { _: 'userStatusOffline', wasOnline: 1_700_000_000 },
})
const channel = (i: number, long: ToLong) => ({
  _: 'channel',
  megagroup: true,
  id: 1_500_000_000 + i,
  accessHash: long(-42_424_242_424_242_424n),
  title: 'A group with a name ' + i,
  photo: { _: 'chatPhotoEmpty' },
  date: 1_600_000_000,
  participantsCount: 1234,
})
const range = <T>(n: number, f: (i: number) => T) => Array.from({ length: n }, (_, i) => f(i))
const notify = { _: 'peerNotifySettings', silent: false, muteUntil: 0 }
const cases: Record<string, (long: ToLong) => any> = {
  message: (long) => message(5, long),
  'updates of 20 messages': (long) => ({
    _: 'updates',
    updates: range(20, (i) => ({ _: 'updateNewChannelMessage', message: message(i, long), pts: 100 + i, ptsCount: 1 })),
    users: range(20, (i) => user(i, long)),
    chats: range(3, (i) => channel(i, long)),
    date: 1_700_000_000,
    seq: 0,
  }),
  'dialogs of 100': (long) => ({
    _: 'messages.dialogs',
    dialogs: range(100, (i) => ({
      _: 'dialog',
      peer: peerUser(5_000_000_000 + i),
      topMessage: 1000 + i,
      readInboxMaxId: 900,
      readOutboxMaxId: 901,
      unreadCount: i,
      unreadMentionsCount: 0,
      unreadReactionsCount: 0,
      unreadPollVotesCount: 0,
      notifySettings: notify,
      pts: i % 2 === 0 ? 77 : undefined,
    })),
    messages: range(100, (i) => message(i, long)),
    users: range(100, (i) => user(i, long)),
    chats: range(20, (i) => channel(i, long)),
  }),
  'sendMessage request': (long) => ({
    _: 'messages.sendMessage',
    silent: true,
    peer: { _: 'inputPeerUser', userId: 5_000_000_001, accessHash: long(7_654_321_098_765_432_109n) },
    message: 'Hello there, this is a message of ordinary length.',
    randomId: long(-8_877_665_544_332_211_009n),
  }),
}

/** Operations a second: the best of a few rounds, after warming up. */
function rate(f: () => unknown): number {
  let n = 1
  let best = 0
  for (let round = 0; round < 6; round++) {
    const start = performance.now()
    for (let i = 0; i < n; i++) f()
    const ms = performance.now() - start
    best = Math.max(best, (n / ms) * 1000)
    n = Math.max(1, Math.round((n / Math.max(ms, 0.01)) * 100))
  }
  return best
}

function report(figure: string, object: string, mine: () => unknown, other: () => unknown): void {
  rate(mine)
  rate(other)
  const opsPerSec = rate(mine)
  const mtcuteOpsPerSec = rate(other)
  const ratio = opsPerSec / mtcuteOpsPerSec
  console.log(
    JSON.stringify({
      figure,
      object,
      opsPerSec: Math.round(opsPerSec),
      mtcuteOpsPerSec: Math.round(mtcuteOpsPerSec),
      ratio: Number(ratio.toFixed(2)),
    }),
  )
}

for (const [name, make] of Object.entries(cases)) {
  const mine = make(ours)
  const other = make(theirs)
  // mtcute's layer is 223, so both read and write that: the older writer here is the slower case.
  for (const layer of [223, 229]) {
    report(
      layer === 229 ? 'codec-write' : 'codec-write-older',
      name,
      () => writeObject(mine, layer),
      () => TlBinaryWriter.serializeObject(__tlWriterMap as any, other),
    )
  }
  // mtcute is a client: it reads no requests.
  if (name === 'sendMessage request') continue
  const mineBytes = writeObject(mine)
  const otherBytes = TlBinaryWriter.serializeObject(__tlWriterMap as any, other)
  report(
    'codec-read',
    name,
    () => readObject(mineBytes),
    () => TlBinaryReader.deserializeObject(__tlReaderMap as any, otherBytes),
  )
}
