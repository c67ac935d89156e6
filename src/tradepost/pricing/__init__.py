"""What things cost: price lists, tax by place and date, and sums that always come out."""
