-- Which process serves a conversation, and by which leg. Whoever wants it asks that process; a process that has lost it to another leg writes no more of it.
ALTER TABLE conversation ADD COLUMN replica text, ADD COLUMN leg_id uuid;

-- The conversation whose transcript is the past of the one that the leg was made for; any replica may have to tell it.
ALTER TABLE media_leg ADD COLUMN past_id text REFERENCES conversation;

-- The process that served it last left it between two turns with nothing owed: whoever takes it up need not say a word.
ALTER TABLE conversation ADD COLUMN rested boolean NOT NULL DEFAULT false;
