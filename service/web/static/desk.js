// The desk: what the pages do faster with a script than without. Every page works without this file.
"use strict";
