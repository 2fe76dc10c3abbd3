require 'optparse'
require_relative 'lib/mini'

app = Mini.new(views: File.join(__dir__, 'views'))

app.get('/') { |_| app.erb(:index, todos: Todo.all) }
app.get('/todos.json') { |_| [200, 'application/json', JSON.generate(Todo.all)] }
app.post('/todos') { |body| Todo.add(body); [201, 'text/plain', "noted\n"] }

# The list is a file, so that it outlives a restart.
module Todo
  FILE = 'tmp/todos.json'.freeze

  def self.all
    File.exist?(FILE) ? JSON.parse(File.read(FILE)) : []
  end

  def self.add(text)
    FileUtils.mkdir_p('tmp')
    File.write(FILE, JSON.generate(all + [text]))
  end
end

host = 'localhost'
OptionParser.new { |o| o.on('-o HOST') { |h| host = h } }.parse!
app.run(host, 4567)
