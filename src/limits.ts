import { type Checked, fields, optional, usually, wholeNumber } from './checks.ts'

/**
 * How often one caller may use the methods of one class: `count` calls in a window of `seconds` that begins with the
 * first of them. Above it the caller gets FLOOD_WAIT_X until the window ends.
 */
export interface FloodLimit {
  count: number
  seconds: number
}

const whole = (min: number, max: number, usual: number) => usually(wholeNumber(min, max), usual)

const flood = (count: number, seconds: number) =>
  fields({ count: whole(1, 1e9, count), seconds: whole(1, 31_536_000, seconds) })

const KiB = 1024
const MiB = 1024 * KiB
const minute = 60
const hour = 3600
const day = 24 * hour

/**
 * The classes of methods that are counted apart. A method belongs to one of them (its file says which); the caller is
 * the account, before signing in the authorization key.
 */
const floodLimits = fields({
  /** What asks and changes nothing: only a runaway loop meets it. */
  read: flood(6000, minute),
  /** What changes something and has no class of its own. */
  write: flood(1200, minute),
  /** Messages sent, edited or forwarded. */
  send: flood(1200, minute),
  /** Login and verification codes asked for or tried: by phone number or mail address, and by network address. */
  code: flood(20, hour),
  /** Two-factor passwords tried. */
  password: flood(20, hour),
  /** Searching, and resolving names and numbers. */
  search: flood(600, 10 * minute),
  /** Parts of files, up and down. */
  upload: flood(120_000, 10 * minute),
  /** Contacts imported, by call, so that a range of numbers cannot be tried. */
  import: flood(200, day),
  /** Chats and channels made, people added to them. */
  create: flood(200, day),
})

/** Bounds of the protocol below the requests, by the names that src/mtproto/host.ts gives them. Times in ms. */
const networkLimits = fields({
  /** Largest frame taken, bytes. Clients send parts of 512 KiB. */
  maxFrame: whole(64 * KiB, 16 * MiB, MiB + 64 * KiB),
  /** Unfinished frames of all connections together, bytes; the connection that goes beyond is closed. */
  maxPartial: whole(MiB, 1024 * 1024 * MiB, 256 * MiB),
  /** Largest message after unpacking gzip, bytes. */
  maxUnpacked: whole(64 * KiB, 64 * MiB, 10 * MiB),
  /** Answers above this are sent gzip_packed, bytes; files never are. */
  compressAbove: whole(256, 1024 * MiB, 16 * KiB),
  /** Messages in one container of a client; the protocol names 1020. */
  maxContainer: whole(1, 1020, 1020),
  /** From the connection to its first whole frame. */
  firstFrameMs: whole(1000, 600_000, 30_000),
  /** From one frame to the next; clients ping every minute or two. */
  idleMs: whole(60_000, 86_400_000, 600_000),
  /** Connections open at once, in all and from one address. */
  maxConnections: whole(1, 1e7, 100_000),
  maxConnectionsPerIp: whole(1, 1e7, 10_000),
  /** Key exchanges under way, in all and from one address, and how long one may take. */
  maxHandshakes: whole(1, 1e6, 4096),
  maxHandshakesPerIp: whole(1, 1e6, 256),
  handshakeMs: whole(1000, 600_000, 60_000),
  /** Those of one address that fail in a minute, after which it can begin none for a while; others cost it nothing. */
  maxFailedHandshakes: whole(1, 1e6, 120),
  /** Requests of one session that wait for their answers; above it nothing more is read from its connections. */
  maxInFlight: whole(1, 100_000, 256),
  /** Requests of one session that are begun before others have their turn. */
  perTurn: whole(1, 100_000, 16),
  /** Bytes waiting for one socket above which nothing more is read from it or written to it. */
  writeHigh: whole(16 * KiB, 1024 * MiB, MiB),
  /** Bytes of pushes of one session that wait, below which more are read for it. */
  drainBelow: whole(KiB, 1024 * MiB, 128 * KiB),
  /** Pushes that a session without connection keeps before it is closed: the client then asks for the difference. */
  maxOutbox: whole(1, 1e6, 2048),
  /** Answers that are kept after their acknowledgement for requests that are repeated, bytes of one session. */
  keptAnswers: whole(0, 64 * MiB, 4096),
  /** When a request that is not answered yet is acknowledged. */
  ackMs: whole(10, 60_000, 250),
  /** A client that reads nothing for so long while the server has much to send is disconnected. */
  stalledMs: whole(1000, 3_600_000, 60_000),
  /** A session without connection is kept so long. */
  sessionMs: whole(1000, 86_400_000, 300_000),
  /** Sessions of one authorization key. */
  maxSessionsPerKey: whole(1, 10_000, 100),
})

/** What the server takes from one connection or account, and what one object may hold. */
export const limits = fields({
  /** Calls by class of method; not applied under --test. */
  flood: floodLimits,

  /** What one connection, address or key may take; holds under --test, too. */
  network: networkLimits,

  /** A body of the HTTP port, bytes. */
  httpBodyBytes: whole(64 * KiB, 16 * MiB, MiB + 64 * KiB),

  // Texts, in UTF-16 code units after trimming; the published limits.
  messageLength: whole(1, 65_536, 4096),
  captionLength: whole(1, 65_536, 1024),
  entities: whole(1, 1000, 100),
  /** A rich message: characters, blocks with their items and rows, levels of nesting, media, columns of a table. */
  rich: fields({
    length: whole(1, 1_000_000, 32_768),
    blocks: whole(1, 10_000, 500),
    depth: whole(1, 24, 16),
    media: whole(0, 200, 50),
    columns: whole(1, 100, 20),
  }),
  nameLength: whole(1, 256, 64),
  aboutLength: whole(1, 1024, 70),
  chatTitleLength: whole(1, 255, 128),
  chatAboutLength: whole(1, 1024, 255),

  // Chats and messages.
  /** Members of a basic group. */
  chatMembers: whole(2, 10_000, 200),
  /** Members of a supergroup. */
  megagroupMembers: whole(2, 1e8, 200_000),
  /** Members of a supergroup from which on those who come and go by themselves are not announced in it. As reported. */
  announcedMembers: whole(0, 1e8, 10_000),
  /** Members from which on a supergroup can become one where only administrators speak. */
  gigagroupMembers: whole(0, 1e8, 199_000),
  /** Members from which on a supergroup can have spam looked for. */
  antispamMembers: whole(0, 1e8, 200),
  /** Members from which on a supergroup can hide who they are. */
  hiddenMembers: whole(0, 1e8, 100),
  /** A bot answers a pressed button within so many seconds. */
  callbackSeconds: whole(1, 60, 10),
  /** Messages in one messages.forwardMessages, deleteMessages or getMessages. */
  messagesPerCall: whole(1, 1000, 100),
  /** Media in one album. */
  albumMedia: whole(2, 100, 10),
  /** A message can be edited for so many seconds after it was sent. */
  editSeconds: whole(0, 2_147_483_647, 2 * day),
  /** A message in a private chat can be deleted for both for so many seconds. */
  revokeSeconds: whole(0, 2_147_483_647, 2_147_483_647),
  /** Installed sets of one kind (stickers, masks, custom emoji); of more the ones shown last go into the archive. */
  stickerSets: whole(1, 1000, 200),
  /** Members from which on a supergroup can have a set of stickers of its own. */
  groupStickersMembers: whole(0, 1e8, 100),
  pinnedDialogs: whole(1, 1000, 10),
  pinnedDialogsInFolder: whole(1, 1000, 100),
  folders: whole(1, 1000, 30),
  folderPeers: whole(1, 1000, 100),
  /** Links to one folder, and folders of an account that are shared by links. */
  chatlistInvites: whole(1, 1000, 100),
  chatlistsJoined: whole(1, 1000, 100),
  /** What accounts with Premium have more of than others. */
  premium: fields({
    aboutLength: whole(1, 1024, 140),
    captionLength: whole(1, 65_536, 4096),
    chatlistInvites: whole(1, 1000, 100),
    chatlistsJoined: whole(1, 1000, 100),
    fileParts: whole(1, 8000, 8000),
    folderPeers: whole(1, 1000, 200),
    folders: whole(1, 1000, 30),
    pinnedDialogs: whole(1, 1000, 10),
    pinnedDialogsInFolder: whole(1, 1000, 200),
  }),
  /** Places for boosts that Premium gives an account, and how long one stays with the channel it was given to. */
  boostSlots: whole(0, 100, 4),
  boostCooldownSeconds: whole(0, 365 * day, day),
  /** Boosts from one level of a channel to the next. */
  boostsPerLevel: whole(1, 1e6, 1),
  /** Members from which on a channel's or supergroup's administrators see its statistics. */
  statsMembers: whole(1, 1e6, 50),
  /** Contacts of one account. */
  contacts: whole(1, 1e6, 10_000),
  /** Users one account blocks. */
  blocked: whole(1, 1e6, 10_000),
  scheduledMessages: whole(1, 10_000, 100),
  /** Searches among all public posts that an account with Premium has a day. */
  postSearches: whole(0, 10_000, 10),
  /** Rows one getDifference answers at most. */
  differenceRows: whole(10, 10_000, 1000),
  /** When so many updates or more are behind, getDifference answers "too long". */
  differenceTooLong: whole(100, 1e7, 100_000),
  /** Rows of a box's log older than so many seconds may be cut off. */
  logSeconds: whole(hour, 10 * 365 * day, 90 * day),

  /** Profile photos of one account. */
  profilePhotos: whole(1, 100_000, 1000),
  /** Pieces of music on one profile. */
  savedMusic: whole(1, 10_000, 1000),

  // Files.
  /** Largest file, in parts of 512 KiB: 4000 are 2 GiB. */
  fileParts: whole(1, 8000, 4000),
  /** Bytes of parts that one account has uploaded and not yet used. */
  uploadBytes: whole(MiB, 1e13, 8 * 1024 * MiB),
  /** Parts not used after so many seconds are deleted. */
  uploadSeconds: whole(minute, 30 * day, day),
  /** Largest message of a secret chat, bytes; thumbnails are inside it. */
  secretBytes: whole(1024, 512 * KiB, 128 * KiB),
  /** A file reference is good for so many seconds. */
  fileReferenceSeconds: whole(minute, 365 * day, 3 * hour),

  /** Largest recording that is written down, bytes. */
  transcriptionBytes: whole(KiB, 512 * MiB, 25 * MiB),
  /** Recordings that an account without Premium can have written down in a week; as many as it likes when not set. */
  transcriptionTrials: optional(wholeNumber(0, 1e6)),

  // Accounts.
  /** A login code is good for so many seconds. */
  codeSeconds: whole(30, day, 5 * minute),
  /** A code sent by mail (to recover a password, to confirm an address) is good for so many seconds. */
  mailCodeSeconds: whole(60, day, hour),
  /** Text messages that an account may send for the server in a month; a phone has so many seconds for each. */
  smsJobsMonthly: whole(1, 10_000, 100),
  smsJobSeconds: whole(10, 600, 60),
  /** The next way of sending the code can be asked for after so many seconds. */
  codeResendSeconds: whole(0, day, minute),
  /** Wrong tries after which a code is worth nothing. */
  codeAttempts: whole(1, 100, 5),
  /** A login mail address that its owner cannot read any more is taken off so many seconds after they asked for it. */
  loginEmailResetSeconds: whole(0, 365 * day, 7 * day),
  /** A link to an account that its owner hands out for a while (contacts.exportContactToken), seconds. */
  contactTokenSeconds: whole(minute, day, hour),
  /** A QR login token is good for so many seconds. */
  loginTokenSeconds: whole(5, 600, 30),
  /** Signed-in devices of one account. */
  authorizations: whole(1, 10_000, 200),
  /** A two-factor password asked to be reset goes after so many seconds. */
  passwordResetSeconds: whole(0, 365 * day, 7 * day),
  /** An account in use whose password is not known is deleted so many seconds after that was asked for. */
  accountDeletionSeconds: whole(0, 365 * day, 7 * day),
  /** A new session may take the account's data out after so many seconds: a day, under --test at once. */
  takeoutDelaySeconds: optional(wholeNumber(0, 365 * day)),
  /** A new session may end other sessions after so many seconds. */
  freshSessionSeconds: whole(0, 365 * day, day),
  /** Who owns a chat may give it away so many seconds after they set their password. */
  freshPasswordSeconds: whole(0, 365 * day, 7 * day),
})

/** Every bound of the server, from the configuration's `limits`. */
export type Limits = Checked<typeof limits>
/** The classes of methods with a flood limit of their own. */
export type FloodClass = keyof Limits['flood']

/** The limits as they are when the configuration says nothing. */
export function defaultLimits(): Limits {
  return limits({}, [])
}
