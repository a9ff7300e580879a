from matchmaker.commands.main import main

main()
