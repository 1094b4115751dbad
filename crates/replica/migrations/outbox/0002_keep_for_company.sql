-- Attachments that others brought and this tablet holds: after a restore of
-- the company's store they are brought for the company, and let go again.
ALTER TABLE uploads ADD COLUMN others INTEGER NOT NULL DEFAULT 0;
