// Methods of older layers that live on under another name with the same meaning. What their fields need beside the
// name is in lifts.ts; what their answers looked like, in results.ts.

/** Old name to the name the newest layer has. */
export const RENAMES: Readonly<Record<string, string>> = {
  'account.addNoPaidMessagesException': 'account.toggleNoPaidMessagesException',
  'channels.clickSponsoredMessage': 'messages.clickSponsoredMessage',
  'channels.createForumTopic': 'messages.createForumTopic',
  'channels.deleteTopicHistory': 'messages.deleteTopicHistory',
  'channels.editCreator': 'messages.editChatCreator',
  'channels.editForumTopic': 'messages.editForumTopic',
  'channels.getForumTopics': 'messages.getForumTopics',
  'channels.getForumTopicsByID': 'messages.getForumTopicsByID',
  'channels.getFutureCreatorAfterLeave': 'messages.getFutureChatCreatorAfterLeave',
  'channels.getSponsoredMessages': 'messages.getSponsoredMessages',
  'channels.reorderPinnedForumTopics': 'messages.reorderPinnedForumTopics',
  'channels.reportSponsoredMessage': 'messages.reportSponsoredMessage',
  'channels.updatePinnedForumTopic': 'messages.updatePinnedForumTopic',
  'channels.viewSponsoredMessage': 'messages.viewSponsoredMessage',
  'contacts.toggleStoriesHidden': 'stories.togglePeerStoriesHidden',
  'payments.canPurchasePremium': 'payments.canPurchaseStore',
  'payments.getUserStarGift': 'payments.getSavedStarGift',
  'payments.getUserStarGifts': 'payments.getSavedStarGifts',
  'stories.applyBoost': 'premium.applyBoost',
  'stories.getAllReadUserStories': 'stories.getAllReadPeerStories',
  'stories.getBoostersList': 'premium.getBoostsList',
  'stories.getBoostsStatus': 'premium.getBoostsStatus',
  'stories.getUserStories': 'stories.getPeerStories',
  'users.getIsPremiumRequiredToContact': 'users.getRequirementsToContact',
  'users.getStoriesMaxIDs': 'stories.getPeerMaxIDs',
}

/**
 * Methods that are gone and have no heir: they are read under their own name, and the dispatcher, which knows no such
 * method, says so. Those of broadcast revenue have one, but for years were there beside it with answers of their own.
 */
export const NO_HEIR: ReadonlySet<string> = new Set([
  'folders.deleteFolder',
  'help.getAppChangelog',
  'messages.getAllChats',
  'stats.getBroadcastRevenueStats',
  'stats.getBroadcastRevenueTransactions',
  'stats.getBroadcastRevenueWithdrawalUrl',
  'stories.canApplyBoost',
])
