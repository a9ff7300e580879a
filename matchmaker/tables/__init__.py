"""Any table that offices circulate, as rows of named fields."""
