// Answers whose type changed: the older type from the newest value. See METHOD_RESULTS in gen/info.js for the layers.
import { TlError } from '../error.ts'

const updates = (v: any) => v.updates
const done = () => true
const joined = (v: any) =>
  // A group that asks for a web app first cannot be joined by a client that knows none: nothing happened.
  v._ === 'messages.chatInviteJoinResultOk'
    ? v.updates
    : { _: 'updates', updates: [], users: v.users, chats: [], date: 0, seq: 0 }
const forwards = (v: any) => ({
  _: 'messages.messagesSlice',
  count: v.count,
  messages: v.forwards.flatMap((f: any) => (f._ === 'publicForwardMessage' ? f.message : [])),
  topics: [],
  chats: v.chats,
  users: v.users,
})

/** `method:OldType`, by the method's newest name. */
export const RESULT_LOWERS: Readonly<Record<string, (value: any) => unknown>> = {
  'account.verifyEmail:Bool': done,
  'bots.getBotInfo:Vector<string>': (v) => [v.about, v.description],
  'channels.inviteToChannel:Updates': updates,
  'channels.joinChannel:Updates': joined,
  'help.getAppConfig:JSONValue': (v) => v.config ?? { _: 'jsonObject', value: [] },
  'messages.addChatUser:Updates': updates,
  'messages.createChat:Updates': updates,
  'messages.getDialogFilters:Vector<DialogFilter>': (v) => v.filters,
  'messages.getMessageReadParticipants:Vector<long>': (v) => v.map((p: any) => BigInt(p.userId)),
  'messages.getWebPage:WebPage': (v) => v.webpage,
  'messages.getWebPagePreview:MessageMedia': (v) => v.media,
  'messages.importChatInvite:Updates': joined,
  'messages.report:Bool': done,
  'messages.requestAppWebView:AppWebViewResult': (v) => ({ _: 'appWebViewResultUrl', url: v.url }),
  'messages.requestSimpleWebView:SimpleWebViewResult': (v) => ({ _: 'simpleWebViewResultUrl', url: v.url }),
  'payments.getSavedStarGift:payments.UserStarGifts': (v) => v,
  'payments.getSavedStarGifts:payments.UserStarGifts': (v) => v,
  // Conference calls of layers 196 to 201 were calls between two; nothing of today's answer fits.
  'phone.createConferenceCall:phone.PhoneCall': () => {
    throw new TlError('a conference call cannot be told to layers before 202')
  },
  'phone.sendGroupCallMessage:Bool': done,
  'premium.applyBoost:Bool': done,
  'premium.getBoostsList:stories.BoostersList': (v) => ({
    _: 'stories.boostersList',
    count: v.count,
    boosters: v.boosts.flatMap((b: any) =>
      b.userId === undefined ? [] : { _: 'booster', userId: b.userId, expires: b.expires },
    ),
    nextOffset: v.nextOffset,
    users: v.users,
  }),
  'premium.getBoostsStatus:stories.BoostsStatus': (v) => ({ ...v, _: 'stories.boostsStatus' }),
  'stats.getMessagePublicForwards:messages.Messages': forwards,
  'stories.canSendStory:Bool': (v) => v.countRemains > 0,
  'stories.getPeerMaxIDs:Vector<int>': (v) => v.map((s: any) => s.maxId ?? 0),
  'stories.getPeerStories:stories.UserStories': (v) => ({
    _: 'stories.userStories',
    stories: v.stories,
    users: v.users,
  }),
  'stories.report:Bool': done,
  'users.getRequirementsToContact:Vector<Bool>': (v) => v.map((r: any) => r._ === 'requirementToContactPremium'),
}
