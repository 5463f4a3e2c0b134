import { viewReaction } from '../../domain/reactions.ts'
import { KEPT_DOCUMENTS } from '../../domain/stickers/kept.ts'
import type { Ctx } from '../../rpc/context.ts'
import { method } from '../../rpc/method.ts'
import { dcOptions } from './dc-options.ts'

/** How long clients keep the configuration, in seconds. */
const LIFE = 3600

export default method(
  'help.getConfig',
  async (ctx) => {
    const { limits, test, dc } = ctx.app.config
    return {
      _: 'config',
      preloadFeaturedStickers: undefined,
      revokePmInbox: true,
      date: ctx.now,
      expires: ctx.now + LIFE,
      // False also under --test: true makes clients look for the separate test servers.
      testMode: false,
      thisDc: dc,
      dcOptions: dcOptions(ctx),
      dcTxtDomainName: '',
      chatSizeMax: limits.chatMembers,
      megagroupSizeMax: limits.megagroupMembers,
      forwardedCountMax: limits.messagesPerCall,
      onlineUpdatePeriodMs: 210_000,
      offlineBlurTimeoutMs: 5000,
      offlineIdleTimeoutMs: 30_000,
      onlineCloudTimeoutMs: 300_000,
      notifyCloudDelayMs: 30_000,
      notifyDefaultDelayMs: 1500,
      pushChatPeriodMs: 60_000,
      pushChatLimit: 2,
      editTimeLimit: limits.editSeconds,
      revokeTimeLimit: limits.revokeSeconds,
      revokePmTimeLimit: limits.revokeSeconds,
      ratingEDecay: 2_419_200,
      stickersRecentLimit: KEPT_DOCUMENTS.recent,
      channelsReadMediaPeriod: 604_800,
      callReceiveTimeoutMs: 20_000,
      callRingTimeoutMs: 90_000,
      callConnectTimeoutMs: 30_000,
      callPacketTimeoutMs: 10_000,
      meUrlPrefix: `http://${test ? 'localhost' : ctx.app.address.host}/`,
      captionLengthMax: limits.captionLength,
      messageLengthMax: limits.messageLength,
      webfileDcId: dc,
      reactionsDefault: viewReaction(await defaultReaction(ctx)),
    }
  },
  { anonymous: true, flood: 'read' },
)

/** The reaction of a double tap: a heart until somebody sets another. */
async function defaultReaction(ctx: Ctx): Promise<string> {
  const row = await ctx.db
    .selectFrom('reaction_setting')
    .select('default_reaction')
    .where('owner', '=', ctx.viewer)
    .executeTakeFirst()
  return row?.default_reaction ?? '❤'
}
