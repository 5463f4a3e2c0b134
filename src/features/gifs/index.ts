import messagesGetSavedGifs from './messages.getSavedGifs.ts'
import messagesSaveGif from './messages.saveGif.ts'

/** The methods of this folder, in the order of their names. */
export const methods = [messagesGetSavedGifs, messagesSaveGif]
