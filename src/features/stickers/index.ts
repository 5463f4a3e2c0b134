import type { JobRunner } from '../../rpc/jobs.ts'
import { UNINSTALL, uninstallGone } from './delete.ts'
import messagesClearRecentStickers from './messages.clearRecentStickers.ts'
import messagesFaveSticker from './messages.faveSticker.ts'
import messagesGetAllStickers from './messages.getAllStickers.ts'
import messagesGetArchivedStickers from './messages.getArchivedStickers.ts'
import messagesGetAttachedStickers from './messages.getAttachedStickers.ts'
import messagesGetFavedStickers from './messages.getFavedStickers.ts'
import messagesGetFeaturedStickers from './messages.getFeaturedStickers.ts'
import messagesGetMaskStickers from './messages.getMaskStickers.ts'
import messagesGetMyStickers from './messages.getMyStickers.ts'
import messagesGetOldFeaturedStickers from './messages.getOldFeaturedStickers.ts'
import messagesGetRecentStickers from './messages.getRecentStickers.ts'
import messagesGetStickerSet from './messages.getStickerSet.ts'
import messagesGetStickers from './messages.getStickers.ts'
import messagesInstallStickerSet from './messages.installStickerSet.ts'
import messagesReadFeaturedStickers from './messages.readFeaturedStickers.ts'
import messagesReorderStickerSets from './messages.reorderStickerSets.ts'
import messagesSaveRecentSticker from './messages.saveRecentSticker.ts'
import messagesSearchEmojiStickerSets from './messages.searchEmojiStickerSets.ts'
import messagesSearchStickerSets from './messages.searchStickerSets.ts'
import messagesSearchStickers from './messages.searchStickers.ts'
import messagesToggleStickerSets from './messages.toggleStickerSets.ts'
import messagesUninstallStickerSet from './messages.uninstallStickerSet.ts'
import stickersAddStickerToSet from './stickers.addStickerToSet.ts'
import stickersChangeSticker from './stickers.changeSticker.ts'
import stickersChangeStickerPosition from './stickers.changeStickerPosition.ts'
import stickersCheckShortName from './stickers.checkShortName.ts'
import stickersCreateStickerSet from './stickers.createStickerSet.ts'
import stickersDeleteStickerSet from './stickers.deleteStickerSet.ts'
import stickersRemoveStickerFromSet from './stickers.removeStickerFromSet.ts'
import stickersRenameStickerSet from './stickers.renameStickerSet.ts'
import stickersReplaceSticker from './stickers.replaceSticker.ts'
import stickersSetStickerSetThumb from './stickers.setStickerSetThumb.ts'
import stickersSuggestShortName from './stickers.suggestShortName.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [
  messagesClearRecentStickers,
  messagesFaveSticker,
  messagesGetAllStickers,
  messagesGetArchivedStickers,
  messagesGetAttachedStickers,
  messagesGetFavedStickers,
  messagesGetFeaturedStickers,
  messagesGetMaskStickers,
  messagesGetMyStickers,
  messagesGetOldFeaturedStickers,
  messagesGetRecentStickers,
  messagesGetStickerSet,
  messagesGetStickers,
  messagesInstallStickerSet,
  messagesReadFeaturedStickers,
  messagesReorderStickerSets,
  messagesSaveRecentSticker,
  messagesSearchEmojiStickerSets,
  messagesSearchStickerSets,
  messagesSearchStickers,
  messagesToggleStickerSets,
  messagesUninstallStickerSet,
  stickersAddStickerToSet,
  stickersChangeSticker,
  stickersChangeStickerPosition,
  stickersCheckShortName,
  stickersCreateStickerSet,
  stickersDeleteStickerSet,
  stickersRemoveStickerFromSet,
  stickersRenameStickerSet,
  stickersReplaceSticker,
  stickersSetStickerSetThumb,
  stickersSuggestShortName,
]

/** What is due at a time: a set that was deleted leaves the lists of those who had it. */
export const jobs: Record<string, JobRunner> = { [UNINSTALL]: uninstallGone }
