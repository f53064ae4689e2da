"""How a text is read: normalisation that undoes disguises, tokens, stems, sentences, and the word lists behind them."""
