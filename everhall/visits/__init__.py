"""What visitors keep, ask and agree to: favourites, my visit, questions to exhibitors, exchange of contacts, and views."""
