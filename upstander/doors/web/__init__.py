"""The reporter's own pages: the form, the thank-you page that is the conversation, coming back."""
