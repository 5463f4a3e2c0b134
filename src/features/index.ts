import type { JobRunner } from '../rpc/jobs.ts'
import type { Method } from '../rpc/method.ts'
import * as account from './account/index.ts'
import * as auth from './auth/index.ts'
import * as boosts from './boosts/index.ts'
import * as channels from './channels/index.ts'
import * as chats from './chats/index.ts'
import * as communities from './communities/index.ts'
import * as config from './config/index.ts'
import * as contacts from './contacts/index.ts'
import * as dialogs from './dialogs/index.ts'
import * as drafts from './drafts/index.ts'
import * as emoji from './emoji/index.ts'
import * as ephemeral from './ephemeral/index.ts'
import * as factChecks from './fact-checks/index.ts'
import * as files from './files/index.ts'
import * as folders from './folders/index.ts'
import * as forums from './forums/index.ts'
import * as gifs from './gifs/index.ts'
import * as imports from './imports/index.ts'
import * as inline from './inline/index.ts'
import * as invites from './invites/index.ts'
import * as links from './links/index.ts'
import * as localization from './localization/index.ts'
import * as mediaSettings from './media-settings/index.ts'
import * as messages from './messages/index.ts'
import * as notifications from './notifications/index.ts'
import * as passport from './passport/index.ts'
import * as polls from './polls/index.ts'
import * as privacy from './privacy/index.ts'
import * as profiles from './profiles/index.ts'
import * as reactions from './reactions/index.ts'
import * as saved from './saved/index.ts'
import * as scheduled from './scheduled/index.ts'
import * as secretChats from './secret-chats/index.ts'
import * as spam from './spam/index.ts'
import * as sponsored from './sponsored/index.ts'
import * as stars from './stars/index.ts'
import * as stats from './stats/index.ts'
import * as stickers from './stickers/index.ts'
import * as suggestedPosts from './suggested-posts/index.ts'
import * as takeout from './takeout/index.ts'
import * as threads from './threads/index.ts'
import * as todoLists from './todo-lists/index.ts'
import * as transcription from './transcription/index.ts'
import * as translation from './translation/index.ts'
import * as twoFactor from './two-factor/index.ts'
import * as updates from './updates/index.ts'
import * as usernames from './usernames/index.ts'
import * as users from './users/index.ts'
import * as webPages from './web-pages/index.ts'

/** What a folder's index.ts exports. */
interface Feature {
  methods: readonly Method<any>[]
  /** What its scheduled work does, by the kind of job. */
  jobs?: Record<string, JobRunner>
}

const features: Feature[] = [
  account,
  auth,
  boosts,
  channels,
  chats,
  communities,
  config,
  contacts,
  dialogs,
  drafts,
  emoji,
  ephemeral,
  factChecks,
  files,
  folders,
  forums,
  gifs,
  inline,
  invites,
  imports,
  links,
  localization,
  mediaSettings,
  messages,
  notifications,
  passport,
  polls,
  privacy,
  profiles,
  reactions,
  saved,
  scheduled,
  secretChats,
  spam,
  sponsored,
  stars,
  stats,
  stickers,
  suggestedPosts,
  takeout,
  threads,
  todoLists,
  transcription,
  translation,
  twoFactor,
  updates,
  usernames,
  users,
  webPages,
]

/** Every method that is written. The others answer 501 NOT_IMPLEMENTED. */
export const methods: readonly Method<any>[] = features.flatMap((f) => f.methods)

export const jobs: Record<string, JobRunner> = Object.assign({}, ...features.map((f) => f.jobs ?? {}))
