"""A provider of texts, calls and pushes that is not real, with phones that behave like phones."""
