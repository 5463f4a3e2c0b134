import { chooseAds, hideAd, namedAd } from '../../domain/ads.ts'
import { hasPremium } from '../../domain/premium.ts'
import { fileReport } from '../../domain/reports.ts'
import { RpcError } from '../../rpc/errors.ts'
import { method } from '../../rpc/method.ts'
import type * as tl from '../../tl/gen/types.ts'

interface Step {
  title: string
  options: Record<string, string | Step>
}

/** What an ad can be reported for. `hide` is no report: it hides all of them, which takes Premium. */
const REASONS: Step = {
  title: 'Report Ad',
  options: {
    sexual: 'Sexually explicit content',
    politics: 'Politics and religion',
    medicine: 'Unverified medicine',
    scam: {
      title: 'Fraud or scam',
      options: {
        money: 'Too good to be true',
        impersonation: 'Pretends to be somebody else',
        phishing: 'Asks for data',
      },
    },
    illegal: {
      title: 'Illegal goods and services',
      options: { drugs: 'Drugs', weapons: 'Weapons', documents: 'Fake documents', other: 'Something else' },
    },
    hide: 'I don’t want to see ads',
  },
}

function choose(step: Step, prefix = ''): tl.channels_sponsoredMessageReportResultChooseOption {
  const options = Object.entries(step.options).map(
    ([key, option]): tl.SponsoredMessageReportOption => ({
      _: 'sponsoredMessageReportOption',
      text: typeof option === 'string' ? option : option.title,
      option: Buffer.from(prefix + key),
    }),
  )
  return { _: 'channels.sponsoredMessageReportResultChooseOption', title: step.title, options }
}

export default method(
  'messages.reportSponsoredMessage',
  async (ctx, req) => {
    const ad = await namedAd(ctx, req.randomId)
    const chosen = Buffer.from(req.option).toString()
    if (chosen === '') return choose(REASONS)
    const [first, second] = chosen.split('/')
    const option = Object.hasOwn(REASONS.options, first!) ? REASONS.options[first!] : undefined
    if (typeof option === 'object' && second === undefined) return choose(option, `${first}/`)
    const known = typeof option === 'object' ? Object.hasOwn(option.options, second!) : option && second === undefined
    if (!known) throw new RpcError('DATA_INVALID')
    if (first === 'hide' && !(await hasPremium(ctx, ctx.userId))) throw new RpcError('PREMIUM_ACCOUNT_REQUIRED')
    return ctx.transact(async (tx) => {
      if (first === 'hide') {
        await chooseAds(tx, false)
        return { _: 'channels.sponsoredMessageReportResultAdsHidden' }
      }
      await hideAd(tx, ad)
      await fileReport(tx, { kind: 'ad', peer: ad.peer ?? 0, reason: chosen, id: ad.id, comment: ad.title })
      return { _: 'channels.sponsoredMessageReportResultReported' }
    })
  },
  { flood: 'write' },
)
