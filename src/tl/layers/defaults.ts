// Values for fields that one side requires and the other has not. Numbers are 0, strings and lists empty, Bool false;
// what else there is stands here.
import { NO_BYTES } from '../absent.ts'

const NO_NUMBERS = { _: 'statsAbsValueAndPrev', current: 0, previous: 0 }

/** Objects for boxed types, where an older object lacks what the newest requires. */
export const LIFT_DEFAULTS: Readonly<Record<string, unknown>> = {
  Peer: { _: 'peerUser', userId: 0 },
  StatsAbsValueAndPrev: NO_NUMBERS,
  StatsGraph: { _: 'statsGraphError', error: '' },
  StoriesStealthMode: { _: 'storiesStealthMode' },
}

/** Objects for boxed types, where an older layer requires what the newest lacks, or has only sometimes. */
export const LOWER_DEFAULTS: Readonly<Record<string, unknown>> = {
  InputChannel: { _: 'inputChannelEmpty' },
  InputDocument: { _: 'inputDocumentEmpty' },
  InputGroupCall: { _: 'inputGroupCall', id: 0n, accessHash: 0n },
  InputPeer: { _: 'inputPeerEmpty' },
  InputPhoneCall: { _: 'inputPhoneCall', id: 0n, accessHash: 0n },
  InputUser: { _: 'inputUserEmpty' },
  MessageExtendedMedia: { _: 'messageExtendedMediaPreview' },
  Peer: { _: 'peerUser', userId: 0 },
  ReportReason: { _: 'inputReportReasonOther' },
  StarsAmount: { _: 'starsAmount', amount: 0n, nanos: 0 },
  StarsTopupOption: { _: 'starsTopupOption', stars: 0n, currency: '', amount: 0n },
}

/**
 * `name.key`: values that older clients would take a zero for something else. Limits are those that help.getConfig
 * had when it still carried them (https://core.telegram.org/constructor/config).
 */
export const FIELD_DEFAULTS: Readonly<Record<string, unknown>> = {
  'autoDownloadSettings.largeQueueActiveOperationsMax': 4,
  'autoDownloadSettings.smallQueueActiveOperationsMax': 4,
  'config.phonecallsEnabled': true,
  'config.pinnedDialogsCountMax': 5,
  'config.pinnedInfolderCountMax': 100,
  'config.savedGifsLimit': 200,
  'config.stickersFavedLimit': 5,
}

/** What stands for a missing value in an object that is written; undefined if nothing can. */
export function missingValue(type: string, vector: boolean): unknown {
  if (vector) return []
  switch (type) {
    case 'int':
    case 'int53':
    case 'double':
      return 0
    case 'long':
      return 0n
    case 'string':
      return ''
    case 'bytes':
      return NO_BYTES
    case 'Bool':
      return false
    case 'true':
      return undefined
    case 'int128':
      return new Uint8Array(16)
    case 'int256':
      return new Uint8Array(32)
  }
  return LOWER_DEFAULTS[type]
}
