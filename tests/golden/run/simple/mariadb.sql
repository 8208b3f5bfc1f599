-- run: ./load-prices --fast

